import Glibc

enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a message. A failure is ignored: there is nowhere left to report it.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(STDERR_FILENO, $0.baseAddress.map { $0 + done }, $0.count - done)
      }
      if count > 0 { done += count } else if errno != EINTR { return }
    }
  }
}
