import BahariFrame
import Glibc

/// One socket of the load, with the calls in flight on it.
final class LoadLane {
  let socket: Int32
  private let head: [UInt8]
  private var stream: UInt32 = 1
  /// When each call in flight was made, by its stream; 0 where there is none.
  private var starts: [UInt64]
  private(set) var inFlight = 0
  private let out = WireWriter()
  private let carry = WireWriter()
  private var decoder = FrameDecoder()
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

  init(_ path: String, service: String, method: String, depth: Int) throws {
    let names = WireWriter()
    names.field(1, string: service)
    names.field(2, string: method)
    head = Array(names.bytes)
    var slots = 16
    while slots < 4 * depth { slots *= 2 }
    starts = Array(repeating: 0, count: slots)
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    try connect(to: path)
  }

  deinit {
    close(socket)
    buffer.deallocate()
  }

  private func connect(to path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Failure(.invalidArgument, "\(path) is longer than a socket's path may be")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else {
      throw Failure(.unavailable, "no daemon answers on \(path): \(String(cString: strerror(errno)))")
    }
  }

  private func slot(_ stream: UInt32) -> Int { Int(stream >> 1) & (starts.count - 1) }

  /// Puts a request in line; `now` is when it counts as made.
  func send(_ payload: UnsafeRawBufferPointer, now: UInt64) {
    // A call that takes much longer than its neighbours keeps its place; its stream's successors pass it over.
    while starts[slot(stream)] != 0 { stream &+= 2 }
    starts[slot(stream)] = now
    inFlight += 1
    out.frame(stream: stream, type: .request) {
      head.withUnsafeBytes { out.append($0) }
      if payload.count > 0 { out.field(3, bytes: payload) }
    }
    stream &+= 2
  }

  func flush() throws {
    while out.count > 0 {
      let sent = Glibc.send(socket, out.bytes.baseAddress, out.count, Int32(MSG_NOSIGNAL))
      guard sent > 0 || errno == EINTR else { throw LoadLane.lost }
      if sent > 0 { out.consume(sent) }
    }
  }

  /// Reads what is there and calls `ended` with each call that has ended: when it began, and its answer.
  func receive(_ ended: (_ start: UInt64, _ answer: ResponseEnvelope) throws -> Void) throws {
    let length = read(socket, buffer.baseAddress, buffer.count)
    guard length > 0 else {
      if length < 0, errno == EINTR { return }
      throw LoadLane.lost
    }
    let fresh = UnsafeRawBufferPointer(rebasing: buffer[..<length])
    guard carry.count > 0 else {
      let used = try frames(fresh, ended)
      if used < length { carry.append(UnsafeRawBufferPointer(rebasing: fresh[used...])) }
      return
    }
    carry.append(fresh)
    carry.consume(try frames(carry.bytes, ended))
  }

  /// Handles every whole frame, and returns how many bytes they took.
  private func frames(
    _ bytes: UnsafeRawBufferPointer, _ ended: (UInt64, ResponseEnvelope) throws -> Void
  ) throws -> Int {
    var offset = 0
    while let event = decoder.next(in: bytes, at: &offset) {
      guard case .frame(let header, let data) = event, starts[slot(header.stream)] != 0 else {
        throw Failure(.internal, "the daemon sent a frame that nobody asked for")
      }
      let start = starts[slot(header.stream)]
      starts[slot(header.stream)] = 0
      inFlight -= 1
      try ended(start, try ResponseEnvelope(data))
    }
    return offset
  }

  private static var lost: Failure { Failure(.unavailable, "the daemon closed the connection") }
}
