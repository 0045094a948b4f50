import BahariFrame
import Glibc

/// One socket of the load, with the calls in flight on it.
final class LoadLane {
  private let path: String
  private(set) var socket: Int32 = -1
  /// What the requests of each method begin with.
  private let heads: [[UInt8]]
  private var stream: UInt32 = 1
  /// When each call in flight was made, by its stream; 0 where there is none.
  private var starts: [UInt64]
  private var tags: [Int]
  /// The requests of calls in flight, by their slots, where they may have to be sent again.
  private var kept: [Int: (method: Int, payload: [UInt8])] = [:]
  private let keepsRequests: Bool
  private(set) var inFlight = 0
  private let out = WireWriter()
  private let carry = WireWriter()
  private var decoder = FrameDecoder()
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

  /// - Parameter keepsRequests: What was in flight when the connection went away can be sent again.
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

  /// Puts a request in line; `now` is when it counts as made.
  func send(_ request: LoadRequest, now: UInt64) {
    // A call that takes much longer than its neighbours keeps its place; its stream's successors pass it over.
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

  /// Connects anew after a loss, for as long as that takes until `deadline`, and sends again what was in flight.
  ///
  /// - Returns: how many calls that were.
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

  /// Reads what is there and calls `ended` with each call that has ended: when it began, its tag and its answer. What
  /// is to be tried again, since the daemon says that it passes soon, has not ended.
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

  /// Handles every whole frame, and returns how many bytes they took.
  private func frames(
    _ bytes: UnsafeRawBufferPointer, _ ended: (UInt64, Int, ResponseEnvelope) throws -> Void
  ) throws -> Int {
    var offset = 0
    while let event = decoder.next(in: bytes, at: &offset) {
      guard case .frame(let header, let data) = event, starts[slot(header.stream)] != 0 else {
        throw Failure(.internal, "the daemon sent a frame that nobody asked for")
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

  /// Calls that were sent again since the daemon said that it could not serve them yet.
  private(set) var repeats = 0

  struct Lost: Error {
    static let failure = Failure(.unavailable, "the daemon closed the connection")
  }
}
