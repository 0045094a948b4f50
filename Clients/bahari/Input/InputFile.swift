import Glibc

/// A file or standard input, read in portions.
final class InputFile {
  private let descriptor: Int32
  private let name: String
  /// The size of a regular file in bytes; nil for a pipe.
  let size: Int?
  private(set) var position = 0

  /// - Parameter path: the path of the file; `-` is standard input.
  init(_ path: String) throws {
    name = path == "-" ? "standard input" : path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let cause = errno
      throw Failure(cause == ENOENT ? .notFound : .permissionDenied, "\(path): \(String(cString: strerror(cause)))")
    }
    var status = stat()
    size = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

  static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// Reads the whole file.
  ///
  /// - Throws: `Failure` if the file has more than `most` bytes.
  func all(atMost most: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 65_536)
    while case let count = try room.withUnsafeMutableBytes({ try read(into: $0) }), count > 0 {
      bytes += room[..<count]
      guard bytes.count <= most else {
        throw Failure(
          .invalidArgument,
          "\(name) is larger than \(most / 1_048_576) MiB: use `bahari import`, which takes files of any size")
      }
    }
    return bytes
  }

  /// Reads into `room` and returns the number of bytes; 0 at the end of the file.
  func read(into room: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = Glibc.read(descriptor, room.baseAddress, room.count)
      if count >= 0 {
        position += count
        return count
      }
      if errno != EINTR { throw OutputFailure(message: "\(name): \(String(cString: strerror(errno)))") }
    }
  }
}
