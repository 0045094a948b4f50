import BahariFrame
import Glibc

/// One connection of the load driver, with its calls in flight.
final class LoadConnection {
  private let path: String
  private(set) var socket: Int32 = -1
  /// The encoded service and method name with which a request begins, by the method's position in `Workload.methods`.
  private let heads: [[UInt8]]
  private var stream: UInt32 = 1
  /// For each call in flight, the time in nanoseconds from which its latency is measured; 0 in an element that no call
  /// uses. `slot` computes a call's index, here and in `tags` and `kept`, from its stream number.
  private var starts: [UInt64]
  /// The workload's tag of each call in flight, by the index that `slot` computes.
  private var tags: [Int]
  /// The requests of the calls in flight, by the index that `slot` computes; empty unless `keepsRequests`.
  private var kept: [Int: (method: Int, payload: [UInt8])] = [:]
  private let keepsRequests: Bool
  private(set) var inFlight = 0
  private let out = WireWriter()
  private let carry = WireWriter()
  private var decoder = FrameDecoder()
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

  /// - Parameter keepsRequests: whether requests are kept until the reply arrives, so that they can be sent again after
  ///   the connection is lost.
  init(_ path: String, _ methods: [Method], depth: Int, keepsRequests: Bool) throws {
    self.path = path
    self.keepsRequests = keepsRequests
    heads = methods.map { method in
      let names = WireWriter()
      names.field(1, string: method.service)
      names.field(2, string: method.name)
      return Array(names.bytes)
    }
    var slots = 16
    while slots < 4 * depth { slots *= 2 }
    starts = Array(repeating: 0, count: slots)
    tags = Array(repeating: 0, count: slots)
    try connect()
  }

  deinit {
    close(socket)
    buffer.deallocate()
  }

  private func connect() throws {
    if socket >= 0 { close(socket) }
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard let address = UnixAddress(path) else {
      throw Failure(.invalidArgument, "\(path) is longer than a socket's path may be")
    }
    guard address.connect(socket) == 0 else {
      throw Failure(.unavailable, "no daemon answers on \(path): \(String(cString: strerror(errno)))")
    }
  }

  private func slot(_ stream: UInt32) -> Int { Int(stream >> 1) & (starts.count - 1) }

  /// Queues a request, which `flush` sends. Its latency counts from `now`.
  func send(_ request: LoadRequest, now: UInt64) {
    // Skip streams whose slot belongs to a call that is still in flight.
    while starts[slot(stream)] != 0 { stream &+= 2 }
    let slot = slot(stream)
    starts[slot] = now
    tags[slot] = request.tag
    if keepsRequests { kept[slot] = (request.method, Array(request.payload)) }
    inFlight += 1
    out.frame(stream: stream, type: .request) {
      heads[request.method].withUnsafeBytes { out.append($0) }
      if request.payload.count > 0 { out.field(3, bytes: request.payload) }
    }
    stream &+= 2
  }

  /// Reconnects after the connection was lost, retrying until `deadline`, and sends the calls in flight again.
  ///
  /// - Returns: the number of calls that were sent again.
  func reconnect(until deadline: UInt64) throws -> Int {
    while true {
      do {
        try connect()
        return try sendAgain()
      } catch {
        guard Clock.now < deadline else { throw error is Lost ? Lost.failure : error }
        usleep(20_000)
      }
    }
  }

  private func sendAgain() throws -> Int {
    let calls = kept.sorted { starts[$0.key] < starts[$1.key] }.map { slot, request in
      (start: starts[slot], tag: tags[slot], request: request)
    }
    out.removeAll()
    carry.removeAll()
    (decoder, stream, inFlight, kept) = (FrameDecoder(), 1, 0, [:])
    for slot in starts.indices { starts[slot] = 0 }
    for call in calls { again(call.request, call.tag, call.start) }
    try flush()
    return calls.count
  }

  private func again(_ request: (method: Int, payload: [UInt8]), _ tag: Int, _ start: UInt64) {
    request.payload.withUnsafeBytes {
      send(LoadRequest(method: request.method, tag: tag, payload: $0), now: start)
    }
  }

  func flush() throws {
    while out.count > 0 {
      let sent = Glibc.send(socket, out.bytes.baseAddress, out.count, Int32(MSG_NOSIGNAL))
      guard sent > 0 || errno == EINTR else { throw Lost() }
      if sent > 0 { out.consume(sent) }
    }
  }

  /// Reads from the socket and, for each reply, calls `ended` with the call's start, its tag and the reply. If requests
  /// are kept, a call that is refused with UNAVAILABLE is queued again, and `ended` is not called.
  func receive(_ ended: (_ start: UInt64, _ tag: Int, _ answer: ResponseEnvelope) throws -> Void) throws {
    let length = read(socket, buffer.baseAddress, buffer.count)
    guard length > 0 else {
      if length < 0, errno == EINTR { return }
      throw Lost()
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

  /// Handles the complete frames in `bytes`, and returns the number of bytes that they occupy.
  private func frames(
    _ bytes: UnsafeRawBufferPointer, _ ended: (UInt64, Int, ResponseEnvelope) throws -> Void
  ) throws -> Int {
    var offset = 0
    while let event = decoder.next(in: bytes, at: &offset) {
      guard case .frame(let header, let data) = event, starts[slot(header.stream)] != 0 else {
        throw Failure(.internal, "the daemon sent a frame for no call in flight")
      }
      let slot = slot(header.stream)
      let (start, request) = (starts[slot], keepsRequests ? kept.removeValue(forKey: slot) : nil)
      starts[slot] = 0
      inFlight -= 1
      let answer = try ResponseEnvelope(data)
      if let request, answer.status?.code == .unavailable {
        again(request, tags[slot], start)
        repeats += 1
      } else {
        try ended(start, tags[slot], answer)
      }
    }
    return offset
  }

  /// How many calls were sent again because the daemon refused them with UNAVAILABLE.
  private(set) var repeats = 0

  struct Lost: Error {
    static let failure = Failure(.unavailable, "the daemon closed the connection")
  }
}
