import Foundation
import Subprocess

/// A program's standard input, stored in a temporary file without a name.
///
/// A file is used because Subprocess passes its own inputs by pipes: if a program ends before it has read its pipe,
/// Subprocess 1.0.2 leaves a descriptor unclosed and stops this process.
package final class InputFile {
  private let file: UnsafeMutablePointer<FILE>

  package init(_ bytes: some Collection<UInt8>) throws(ClusterError) {
    guard let file = tmpfile() else { throw .system("create a temporary file in", path: "/tmp", code: errno) }
    self.file = file
    // Close-on-exec, so that other programs do not inherit the file.
    _ = fcntl(fileno(file), F_SETFD, FD_CLOEXEC)
    let bytes = Array(bytes)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0, lseek(fileno(file), 0, SEEK_SET) == 0
    else { throw .system("write a temporary file in", path: "/tmp", code: errno) }
  }

  deinit { fclose(file) }

  /// The file as an input for Subprocess, valid as long as this object. Only one program can read it, from the file's
  /// start.
  package var input: FileDescriptorInput {
    .fileDescriptor(.init(rawValue: fileno(file)), closeAfterSpawningProcess: false)
  }
}
