import BahariFrame
import Foundation

/// The other end of `--step-socket`: receives every statement before it is run, and answers when to go on.
///
/// `@unchecked Sendable`: it belongs to one task, which waits for each answer before it asks again.
final class StepListener: @unchecked Sendable {
  let path: String
  private let listener: Int32
  private var connection: Int32 = -1
  /// Bytes that were received and not returned yet.
  private var inbox: [UInt8] = []

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

  /// The statement that waits after `count` more have run, or nil when the program has ended before. Waits for the
  /// program to connect first.
  func next(after count: Int = 0, within seconds: Int32 = 60) async throws -> String? {
    // On a thread of its own: some tests have more listeners than there are cores.
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try self.read(after: count, seconds) }) }
    }
  }

  private func read(after count: Int, _ seconds: Int32) throws -> String? {
    if connection < 0 {
      try wait(for: listener, seconds)
      connection = accept(listener, nil, nil)
    }
    // All permissions at once: the statements run without a pause between them.
    if count > 0 { go(count) }
    for _ in 0..<count { if try line(seconds) == nil { return nil } }
    return try line(seconds)
  }

  private func line(_ seconds: Int32) throws -> String? {
    while true {
      if let end = inbox.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: inbox[..<end], as: UTF8.self)
        inbox.removeSubrange(...end)
        return line
      }
      try wait(for: connection, seconds)
      var buffer = [UInt8](repeating: 0, count: 16_384)
      let received = Glibc.read(connection, &buffer, buffer.count)
      guard received > 0 else { return nil }
      inbox += buffer[..<received]
    }
  }

  /// Lets so many statements run.
  func go(_ count: Int = 1) {
    let permissions = [UInt8](repeating: UInt8(ascii: "\n"), count: count)
    _ = send(connection, permissions, permissions.count, Int32(MSG_NOSIGNAL))
  }

  private func wait(for descriptor: Int32, _ seconds: Int32) throws {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&polled, 1, seconds * 1_000) == 1 else { throw Trouble("no statement came within \(seconds) s") }
  }
}
