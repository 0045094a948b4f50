import BahariFrame
import Glibc

/// Stops a migration before every statement until a listener lets it continue, so that a test can kill the program at a
/// known statement.
///
/// The gate connects to the listener's Unix socket, writes each statement as a line, and waits for a line in return.
/// After the listener has closed the connection, the gate no longer waits.
///
/// `@unchecked Sendable`: used only by the thread that migrates.
final class StatementGate: @unchecked Sendable {
  private let descriptor: Int32
  private var isOpen = true

  /// - Parameter path: The Unix socket of the program that permits each statement (`--step-socket`).
  init(_ path: String) throws {
    guard let address = UnixAddress(path) else { throw PlaceError(description: "\(path) is too long for a socket") }
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard address.connect(descriptor) == 0 else {
      throw PlaceError(description: "\(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  func wait(before statement: String) {
    guard isOpen else { return }
    let line = statement.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n"
    let sent = Array(line.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    var byte: UInt8 = 0
    var got = sent < 0 ? 0 : 1
    while got > 0, byte != UInt8(ascii: "\n") {
      got = read(descriptor, &byte, 1)
      if got < 0, errno == EINTR { got = 1 }
    }
    isOpen = got > 0
  }
}
