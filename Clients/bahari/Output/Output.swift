import Glibc

/// Buffered standard output.
struct Output {
  private static let portion = 65_536
  var bytes: [UInt8] = []

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  mutating func line(_ text: String) {
    bytes += text.utf8
    bytes.append(0x0a)
  }

  /// Flushes the buffer once it is large, so that memory stays bounded.
  mutating func flushIfLarge() throws { if bytes.count >= Self.portion { try flush() } }

  mutating func flush() throws {
    try bytes.withUnsafeBytes { all in
      var done = 0
      while done < all.count {
        let count = write(STDOUT_FILENO, all.baseAddress.map { $0 + done }, all.count - done)
        if count >= 0 {
          done += count
        } else if errno != EINTR {
          throw OutputFailure(
            message: "standard output: \(String(cString: strerror(errno)))", isBrokenPipe: errno == EPIPE)
        }
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
