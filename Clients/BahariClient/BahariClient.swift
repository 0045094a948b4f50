import BahariFrame
import SwiftProtobuf
import Synchronization

/// A client of the Bahari daemon: typed calls over its Unix socket.
///
///     let client = BahariClient()
///     let vessel = try await client.kapal.get(12)
///     for try await desa in client.desa.export() { … }
///
/// Any number of tasks may share a client. Calls share one connection, or a few, with at most 1,000 in flight on each;
/// further calls wait in order. A stream has a connection of its own, so that a slow consumer delays no other call.
/// The client connects with the first call, and reconnects after a loss.
///
/// Every call ends by its deadline. Cancelling the task cancels the call, which then throws `CancellationError`: a call
/// that was not sent never runs; whether a write that was sent took place is unknown.
public final class BahariClient: Sendable {
  /// The socket that calls go to.
  public let socketPath: String
  /// How long a call may take that names no timeout.
  public let timeout: Duration
  /// How many attempts one call may make.
  public let attempts: Int
  private let links: [SharedLink]
  private let reachability = Reachability()

  /// A connection that many calls share, with the number of calls on it.
  private final class SharedLink: Sendable {
    let link: Link
    let load = Atomic<Int>(0)

    init(_ link: Link) { self.link = link }
  }

  /// - Parameters:
  ///   - socketPath: the daemon's socket; `SocketPath.standard` when nil. Nothing is opened before the first call.
  ///   - timeout: how long a call may take that names no timeout itself.
  ///   - connections: how many connections the calls are spread over; more than one helps if calls carry much data.
  ///   - attempts: how many attempts a call makes at most. Reads, and writes by their request id, are repeated within
  ///     their deadline when the connection was lost or the daemon asks to come back later; 1 turns this off. A daemon
  ///     that went away is waited for 15 s at most.
  public init(socketPath: String? = nil, timeout: Duration = .seconds(30), connections: Int = 1, attempts: Int = 5) {
    precondition(connections > 0 && attempts > 0, "a client has one connection and makes one attempt at least")
    let path = socketPath ?? SocketPath.standard
    let reachability = reachability
    self.socketPath = path
    self.timeout = timeout
    self.attempts = attempts
    links = (0..<connections).map { _ in SharedLink(Link(path: path, reachability: reachability)) }
  }

  /// Closes the connections. Calls in flight and later calls end with `unavailable`; open streams continue.
  public func close() async {
    for shared in links { await shared.link.close() }
  }

  // MARK: Any method

  /// Calls a method with one reply; messages are bytes.
  ///
  /// - Parameters:
  ///   - service: the full name, such as `bahari.v1.DesaService`.
  ///   - method: the bare name, such as `Get`.
  ///   - payload: the encoded request, at most 4 MiB with the names of service and method.
  ///   - timeout: how long the call may take, repetitions included; the client's when nil.
  ///   - effect: whether the call writes, which decides whether it may be repeated.
  /// - Returns: the encoded reply.
  /// - Throws: `BahariError`, or `CancellationError` when the task was cancelled.
  public func unary(
    service: String, method: String, payload: [UInt8], timeout: Duration? = nil, effect: CallEffect = .write
  ) async throws -> [UInt8] {
    let request = CallRequest(
      service: service, method: method, payload: payload, timeout: timeout ?? self.timeout, effect: effect)
    var retry = Retry(request, attempts: attempts)
    return try await retry.run {
      let shared = leastLoaded
      shared.load.add(1, ordering: .relaxed)
      defer { shared.load.subtract(1, ordering: .relaxed) }
      return try await shared.link.unary(request)
    }
  }

  /// Calls a method that replies with a stream; messages are bytes.
  ///
  /// The call starts with the request for the first message, and is repeated only while no message has arrived. At most
  /// 4 MiB of messages wait unread: beyond that the socket is not read, and the daemon stops producing.
  ///
  /// - Parameters: those of `unary`; the timeout covers the whole stream.
  /// - Returns: the encoded messages, in order; iterate it once.
  public func serverStream(
    service: String, method: String, payload: [UInt8], timeout: Duration? = nil, effect: CallEffect = .read
  ) -> MessageStream {
    let (path, reachability, attempts, timeout) = (socketPath, reachability, attempts, timeout ?? self.timeout)
    return MessageStream(attempts: attempts) {
      let request = CallRequest(
        service: service, method: method, payload: payload, timeout: timeout, streams: true, effect: effect)
      return (Link(path: path, reachability: reachability), request)
    }
  }

  private var leastLoaded: SharedLink {
    var best = links[0]
    guard links.count > 1 else { return best }
    var least = best.load.load(ordering: .relaxed)
    for shared in links.dropFirst() {
      let load = shared.load.load(ordering: .relaxed)
      if load < least { (best, least) = (shared, load) }
    }
    return best
  }
}

/// Decodes the reply of a method; throws an error that names the method.
func decoded<M: Message>(_ bytes: [UInt8], from method: String, _ effect: CallEffect) throws -> M {
  try readable(method, effect) { try M(serializedBytes: bytes) }
}

/// Runs `body`, which reads a successful reply; its error becomes one that names the method and, for a write, says
/// that it was applied.
func readable<R>(_ method: String, _ effect: CallEffect, _ body: () throws -> R) throws -> R {
  do {
    return try body()
  } catch {
    throw BahariError(
      .internal,
      "the reply of \(method) cannot be decoded (\(error)): compare the versions of client and daemon",
      outcome: effect == .read ? .notApplied : .applied)
  }
}
