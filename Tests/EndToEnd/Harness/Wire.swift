import BahariClient
import BahariFrame
import Glibc
import SwiftProtobuf

/// A frame as it came.
struct Received {
  let header: FrameHeader
  let data: [UInt8]

  /// It is the last frame of its stream.
  var isTerminal: Bool { header.type == .response || header.flags.contains(.remoteClosed) }

  /// The error of a Response; nil on success and for a frame that is no Response.
  var status: Status? {
    get throws {
      guard header.type == .response else { return nil }
      return try data.withUnsafeBytes { try ResponseEnvelope($0).status }
    }
  }

  /// The message in it.
  func message<M: Message>(_: M.Type = M.self) throws -> M {
    guard header.type == .response else { return try M(serializedBytes: data) }
    let payload = try data.withUnsafeBytes { bytes in
      let envelope = try ResponseEnvelope(bytes)
      if let status = envelope.status { throw status }
      return Array(envelope.payload)
    }
    return try M(serializedBytes: payload)
  }
}

/// A connection that sends any bytes and reads frames; waits in the call, 20 seconds at most unless it is made with
/// another limit.
final class Wire {
  private let descriptor: Int32
  private var inbox: [UInt8] = []
  private var start = 0
  private var decoder = FrameDecoder()
  private var lastStream: UInt32 = 0x10_0001

  init(_ path: String, waitsAtMost seconds: Int = 20) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    guard let address = UnixAddress(path), address.connect(descriptor) == 0 else {
      throw Trouble("no connection to \(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  // MARK: Sending

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Trouble("nothing more can be sent: \(String(cString: strerror(errno)))") }
      sent += count
    }
  }

  func send(_ type: FrameType, _ stream: UInt32, flags: FrameFlags = [], _ data: [UInt8] = []) throws {
    try send(Bytes.frame(type.rawValue, stream, flags: flags, data))
  }

  func request(_ stream: UInt32, _ method: String, _ payload: [UInt8], timeout: Int64 = 0) throws {
    try send(Bytes.request(stream, method, payload, timeout: timeout))
  }

  func request(_ stream: UInt32, _ method: String, _ message: some Message) throws {
    try request(stream, method, try message.serializedBytes())
  }

  /// Ends the sending side; answers can still be read.
  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  // MARK: Reading

  /// The next frame; nil at the end of file.
  func frame() throws -> Received? {
    while true {
      let found = inbox.withUnsafeBytes { bytes -> Received? in
        guard case .frame(let header, let data)? = decoder.next(in: bytes, at: &start) else { return nil }
        return Received(header: header, data: Array(data))
      }
      if let found { return found }
      inbox.removeFirst(start)
      start = 0
      let count = try receive()
      if count == 0 { return nil }
    }
  }

  private func receive() throws -> Int {
    var buffer = [UInt8](repeating: 0, count: 262_144)
    let count = read(descriptor, &buffer, buffer.count)
    // The peer closed with some of our bytes unread; everything it sent was read before this error.
    if count < 0, errno == ECONNRESET { return 0 }
    guard count >= 0 else { throw Trouble("no frame came: \(String(cString: strerror(errno)))") }
    inbox += buffer[..<count]
    return count
  }

  /// As many frames, in the order in which they came.
  func frames(_ count: Int) throws -> [Received] {
    try (0..<count).map { _ in
      guard let frame = try frame() else { throw Trouble("the connection ended before \(count) frames had come") }
      return frame
    }
  }

  /// The one answer of each stream; a second answer, or one on another stream, is an error.
  func answers(to streams: [UInt32]) throws -> [UInt32: Received] {
    var missing = Set(streams)
    var answers: [UInt32: Received] = [:]
    for frame in try frames(streams.count) {
      guard missing.remove(frame.header.stream) != nil else {
        throw Trouble("stream \(frame.header.stream) is not open and got an answer")
      }
      answers[frame.header.stream] = frame
    }
    return answers
  }

  /// All frames up to the end of file.
  func rest() throws -> [Received] {
    var frames: [Received] = []
    while let frame = try frame() { frames.append(frame) }
    return frames
  }

  /// Whether nothing arrives for `time` milliseconds.
  func isSilent(forMilliseconds time: Int32) -> Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return inbox.count == start && poll(&wanted, 1, time) == 0
  }

  // MARK: Calls

  /// Makes a call and gives its one answer, which has to be the next frame.
  func call(_ method: String, _ payload: [UInt8], timeout: Int64 = 0) throws -> Received {
    lastStream += 2
    try request(lastStream, method, payload, timeout: timeout)
    let answer = try frames(1)[0]
    guard answer.header.stream == lastStream else {
      throw Trouble("the answer to \(method) is on stream \(answer.header.stream), the call was on \(lastStream)")
    }
    return answer
  }

  func call(_ method: String, _ message: some Message) throws -> Received {
    try call(method, try message.serializedBytes())
  }

  /// The error that a call has to end with.
  func refusal(_ method: String, _ payload: [UInt8], timeout: Int64 = 0) throws -> Status {
    guard let status = try call(method, payload, timeout: timeout).status else {
      throw Trouble("\(method) went well, and should have been refused")
    }
    return status
  }

  func refusal(_ method: String, _ message: some Message) throws -> Status {
    try refusal(method, try message.serializedBytes())
  }
}

/// Frames and messages as bytes.
enum Bytes {
  static func frame(
    _ type: UInt8, _ stream: UInt32, flags: FrameFlags = [], length: UInt32? = nil, _ data: [UInt8] = []
  ) -> [UInt8] {
    let writer = WireWriter()
    writer.append(bigEndian: length ?? UInt32(data.count))
    writer.append(bigEndian: stream)
    writer.append(byte: type)
    writer.append(byte: flags.rawValue)
    return Array(writer.bytes) + data
  }

  /// `method` as `Desa/Get`, or with a service's full name in front.
  static func request(_ stream: UInt32, _ method: String, _ payload: [UInt8], timeout: Int64 = 0) -> [UInt8] {
    let parts = method.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let service = parts[0].contains(".") ? parts[0] : "bahari.v1.\(parts[0])Service"
    let writer = WireWriter()
    payload.withUnsafeBytes {
      writer.request(
        stream: stream, service: service, method: parts[1], payload: $0, timeoutNanoseconds: timeout)
    }
    return Array(writer.bytes)
  }

  /// A message, written field by field.
  static func message(_ body: (WireWriter) -> Void) -> [UInt8] {
    let writer = WireWriter()
    body(writer)
    return Array(writer.bytes)
  }

  static func get(_ id: Int64) -> [UInt8] { message { $0.field(1, varint: UInt64(bitPattern: id)) } }
}
