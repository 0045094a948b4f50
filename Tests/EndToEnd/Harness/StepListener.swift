import BahariFrame
import Foundation

/// The other end of `--step-socket`: receives every statement before it is run, and answers when to go on.
///
/// `@unchecked Sendable`: it belongs to one task, which waits for each answer before it asks again.
final class StepListener: @unchecked Sendable {
  let path: String
  private let listener: Int32
  private var connection: Int32 = -1

  init() throws {
    let path = try Place.fresh("steps")
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    self.path = path
    guard let address = UnixAddress(path), address.bind(listener) == 0, listen(listener, 4) == 0 else {
      throw Trouble("\(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit {
    hangUp()
    close(listener)
  }

  /// Closes the connection, after which the program goes on without steps.
  func hangUp() {
    if connection >= 0 { close(connection) }
    connection = -1
  }

  /// The next statement, or nil when the program has ended without one. Waits for the program to connect first.
  func next(within seconds: Int32 = 60) async throws -> String? {
    // On a thread of its own: there are tests with more of these than there are cores.
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try self.read(within: seconds) }) }
    }
  }

  private func read(within seconds: Int32) throws -> String? {
    if connection < 0 {
      try wait(for: listener, seconds)
      connection = accept(listener, nil, nil)
    }
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      try wait(for: connection, seconds)
      guard Glibc.read(connection, &byte, 1) == 1 else { return nil }
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
  }

  func go() { _ = send(connection, "\n", 1, Int32(MSG_NOSIGNAL)) }

  private func wait(for descriptor: Int32, _ seconds: Int32) throws {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&polled, 1, seconds * 1_000) == 1 else { throw Trouble("no statement came within \(seconds) s") }
  }
}
