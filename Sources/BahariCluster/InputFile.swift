import Foundation
import Subprocess

/// What a program reads on its standard input, in a file without a name.
///
/// Subprocess's own inputs are pipes, and a program that ends before it has read its pipe ends us too: Subprocess
/// stops the process then, for a descriptor that it has not closed (version 1.0.2).
package final class InputFile {
  private let file: UnsafeMutablePointer<FILE>

  package init(_ bytes: some Collection<UInt8>) throws(ClusterError) {
    guard let file = tmpfile() else { throw .system("make a temporary file in", path: "/tmp", code: errno) }
    self.file = file
    // For no program but the one that it is given to.
    _ = fcntl(fileno(file), F_SETFD, FD_CLOEXEC)
    let bytes = Array(bytes)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0, lseek(fileno(file), 0, SEEK_SET) == 0
    else { throw .system("write a temporary file in", path: "/tmp", code: errno) }
  }

  deinit { fclose(file) }

  /// Lives as long as the file; read from its start by one program.
  package var input: FileDescriptorInput {
    .fileDescriptor(.init(rawValue: fileno(file)), closeAfterSpawningProcess: false)
  }
}
