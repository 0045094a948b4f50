import BahariFrame
import Glibc

/// The sending side of a client.
struct Sender: Sendable {
  fileprivate let descriptor: Int32

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count { sent += try send(bytes[sent...], flags: 0) }
  }

  /// Sends as much as the socket takes at once, and returns how much that was.
  func sendSome(_ bytes: [UInt8]) throws -> Int { try send(bytes[...], flags: Int32(MSG_DONTWAIT)) }

  private func send(_ bytes: ArraySlice<UInt8>, flags: Int32) throws -> Int {
    let sent = bytes.withUnsafeBytes {
      Glibc.send(descriptor, $0.baseAddress, $0.count, flags | Int32(MSG_NOSIGNAL))
    }
    if sent < 0, errno == EAGAIN, flags != 0 { return 0 }
    guard sent >= 0 else { throw Trouble("nothing can be sent: errno \(errno)") }
    return sent
  }
}

/// A client's end of a socket pair: sends any bytes and reads frames; waits in the call, 30 seconds at most.
final class Client {
  struct Frame {
    let header: FrameHeader
    let data: [UInt8]

    /// The payload of a successful reply; the status of a failure is thrown.
    var reply: [UInt8] {
      get throws {
        try data.withUnsafeBytes { bytes in
          let envelope = try ResponseEnvelope(bytes)
          if let status = envelope.status { throw status }
          return Array(envelope.payload)
        }
      }
    }

    /// The code of a failure; nil on success.
    var code: StatusCode? {
      get throws { try data.withUnsafeBytes { try ResponseEnvelope($0).status?.code } }
    }
  }

  private var descriptor: Int32
  private var inbox: [UInt8] = []
  private var start = 0
  private var decoder = FrameDecoder()

  /// Takes over `descriptor`.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  deinit { disconnect() }

  func disconnect() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// Sends no more; answers can still be read.
  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  // MARK: Sending

  /// Sends from another task while this one reads; the client has to outlive it.
  var sender: Sender { Sender(descriptor: descriptor) }

  func send(_ bytes: [UInt8]) throws { try sender.send(bytes) }

  func request(_ stream: UInt32, _ method: String, _ payload: String = "") throws {
    try send(Self.request(stream, method, payload))
  }

  func send(_ type: FrameType, _ stream: UInt32, length: Int, _ data: [UInt8] = []) throws {
    try send(Self.frame(type.rawValue, stream, length: length, data))
  }

  static func request(_ stream: UInt32, _ method: String, _ payload: String = "") -> [UInt8] {
    let writer = WireWriter()
    Array(payload.utf8).withUnsafeBytes {
      writer.request(stream: stream, service: "echo", method: method, payload: $0)
    }
    return Array(writer.bytes)
  }

  /// A frame whose header claims `length` bytes.
  static func frame(_ type: UInt8, _ stream: UInt32, length: Int, _ data: [UInt8] = []) -> [UInt8] {
    let writer = WireWriter()
    writer.append(bigEndian: UInt32(length))
    writer.append(bigEndian: stream)
    writer.append(byte: type)
    writer.append(byte: 0)
    return Array(writer.bytes) + data
  }

  // MARK: Reading

  /// The next frame; nil at the end of file.
  func frame() throws -> Frame? {
    while true {
      let found = inbox.withUnsafeBytes { bytes -> Frame? in
        guard case .frame(let header, let data)? = decoder.next(in: bytes, at: &start) else { return nil }
        return Frame(header: header, data: Array(data))
      }
      if let found { return found }
      inbox.removeFirst(start)
      start = 0
      var buffer = [UInt8](repeating: 0, count: 262_144)
      let count = read(descriptor, &buffer, buffer.count)
      // Closed by the server with bytes of ours unread: all it sent has been read before.
      if count == 0 || (count < 0 && errno == ECONNRESET) { return nil }
      guard count > 0 else { throw Trouble("no frame came: errno \(errno)") }
      inbox += buffer[..<count]
    }
  }

  /// As many frames, in the order in which they came.
  func frames(_ count: Int) throws -> [Frame] {
    try (0..<count).map { number in
      guard let frame = try frame() else { throw Trouble("the connection ended after \(number) of \(count) frames") }
      return frame
    }
  }

  /// The next frame, which has to be on `stream`.
  func answer(_ stream: UInt32) throws -> Frame {
    guard let frame = try frame() else { throw Trouble("the connection ended before stream \(stream)") }
    guard frame.header.stream == stream else {
      throw Trouble("a frame on stream \(frame.header.stream) came, one on stream \(stream) was expected")
    }
    return frame
  }

  /// All frames up to the end of file.
  func rest() throws -> [Frame] {
    var frames: [Frame] = []
    while let frame = try frame() { frames.append(frame) }
    return frames
  }

  /// Makes a call of method `Echo` and checks its answer.
  func expectServed(stream: UInt32 = 999_999) throws {
    try request(stream, "Echo", "ping")
    let reply = try answer(stream).reply
    guard reply == Array("ping".utf8) else { throw Trouble("another reply came: \(reply)") }
  }
}
