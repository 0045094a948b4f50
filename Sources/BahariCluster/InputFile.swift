import Foundation
import Subprocess

/// A program's standard input, in a file without a name.
///
/// Subprocess's own inputs are pipes. When a program ends before it has read its pipe, Subprocess 1.0.2 stops this
/// process because of a descriptor that it has not closed.
package final class InputFile {
  private let file: UnsafeMutablePointer<FILE>

  package init(_ bytes: some Collection<UInt8>) throws(ClusterError) {
    guard let file = tmpfile() else { throw .system("create a temporary file in", path: "/tmp", code: errno) }
    self.file = file
    // Other programs do not inherit it.
    _ = fcntl(fileno(file), F_SETFD, FD_CLOEXEC)
    let bytes = Array(bytes)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0, lseek(fileno(file), 0, SEEK_SET) == 0
    else { throw .system("write a temporary file in", path: "/tmp", code: errno) }
  }

  deinit { fclose(file) }

  /// Valid as long as the file; one program reads it from its start.
  package var input: FileDescriptorInput {
    .fileDescriptor(.init(rawValue: fileno(file)), closeAfterSpawningProcess: false)
  }
}
