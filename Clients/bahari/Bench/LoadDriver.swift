import BahariFrame
import Glibc

/// A closed loop of calls over many sockets, by one thread that polls them: little work of its own, so that
/// the daemon is what is measured.
struct LoadDriver {
  private let service: String
  private let method: String
  private let payloads: [[UInt8]]
  private let depth: Int
  private var lanes: [LoadLane]
  private var random = SystemRandomNumberGenerator()
  private var latencies: [UInt64] = []
  private var failures: [String: Int] = [:]

  init(
    path: String, service: String, method: String, payloads: [[UInt8]], connections: Int, depth: Int
  ) throws {
    self.service = service
    self.method = method
    self.payloads = payloads
    self.depth = depth
    lanes = try (0..<connections).map { _ in try LoadLane(path) }
  }

  /// Runs for `seconds`, then takes the answers that are still on their way.
  consuming func run(seconds: Int) throws -> LoadResult {
    let start = LoadDriver.now
    let end = start + UInt64(seconds) * 1_000_000_000
    for index in lanes.indices {
      for _ in 0..<depth { send(index) }
      try lanes[index].flush()
    }
    while lanes.contains(where: { !$0.starts.isEmpty }) {
      let now = LoadDriver.now
      guard now < end + 10_000_000_000 else {
        throw Failure(.deadlineExceeded, "answers are missing 10 s after the end")
      }
      for index in try readable() { try receive(index, goesOn: LoadDriver.now < end) }
    }
    return LoadResult(latencies: latencies, nanoseconds: LoadDriver.now - start, failuresByCode: failures)
  }

  private func readable() throws -> [Int] {
    var polls = lanes.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
    guard poll(&polls, nfds_t(polls.count), 1000) >= 0 || errno == EINTR else {
      throw Failure(.internal, "poll failed: \(String(cString: strerror(errno)))")
    }
    return polls.indices.filter { polls[$0].revents != 0 }
  }

  private mutating func send(_ index: Int) {
    let payload = payloads[Int.random(in: payloads.indices, using: &random)]
    lanes[index].send(service, method, payload)
  }

  private mutating func receive(_ index: Int, goesOn: Bool) throws {
    let now = LoadDriver.now
    for (started, code) in try lanes[index].receive() {
      latencies.append(now - started)
      if let code { failures[code, default: 0] += 1 }
      if goesOn { send(index) }
    }
    try lanes[index].flush()
  }

  private static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// One socket of the load, with the calls in flight on it.
private final class LoadLane {
  let socket: Int32
  /// When each call was made, by its stream.
  private(set) var starts: [UInt32: UInt64] = [:]
  private var stream: UInt32 = 1
  private let out = WireWriter()
  private let carry = WireWriter()
  private var decoder = FrameDecoder()
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  init(_ path: String) throws {
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Failure(.invalidArgument, "\(path) is longer than a socket's path may be")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else {
      throw Failure(.unavailable, "no daemon answers on \(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(socket) }

  func send(_ service: String, _ method: String, _ payload: [UInt8]) {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    starts[stream] = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    payload.withUnsafeBytes { out.request(stream: stream, service: service, method: method, payload: $0) }
    stream &+= 2
  }

  func flush() throws {
    while out.count > 0 {
      let sent = Glibc.send(socket, out.bytes.baseAddress, out.count, Int32(MSG_NOSIGNAL))
      guard sent > 0 else { throw Failure(.unavailable, "the daemon closed the connection") }
      out.consume(sent)
    }
  }

  /// The calls that have ended: when they began, and their code where it is not OK.
  func receive() throws -> [(started: UInt64, code: String?)] {
    let length = read(socket, &buffer, buffer.count)
    guard length > 0 else { throw Failure(.unavailable, "the daemon closed the connection") }
    buffer.withUnsafeBytes { carry.append(UnsafeRawBufferPointer(rebasing: $0[..<length])) }
    var ended: [(UInt64, String?)] = []
    var offset = 0
    while let event = decoder.next(in: carry.bytes, at: &offset) {
      guard case .frame(let header, let data) = event, let started = starts.removeValue(forKey: header.stream) else {
        throw Failure(.internal, "the daemon sent a frame that nobody asked for")
      }
      ended.append((started, try ResponseEnvelope(data).status?.code.name))
    }
    carry.consume(offset)
    return ended
  }
}
