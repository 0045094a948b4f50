import BahariFrame
import SwiftProtobuf
import Synchronization

/// A client of the Bahari daemon. It makes typed calls over the daemon's Unix socket.
///
///     let client = BahariClient()
///     let vessel = try await client.kapal.get(12)
///     for try await desa in client.desa.export() { … }
///
/// Any number of tasks may share a client. Calls share one connection, or a few, with at most 1,000 in flight on each;
/// further calls wait in order. A stream has a connection of its own, so that a slow consumer delays no other call.
/// The client connects when the first call is made, and reconnects when the connection was lost.
///
/// Every call ends by its deadline. Cancelling the task cancels the call, which then throws `CancellationError`. If the
/// call had not been sent, the daemon never runs it; if it had been sent, a write may or may not have taken place.
public final class BahariClient: Sendable {
  /// The path of the daemon's Unix socket.
  public let socketPath: String
  /// The timeout of calls for which the caller gives none.
  public let timeout: Duration
  /// The maximum number of attempts of one call, not counting attempts that could not connect. With 1, no call that was
  /// sent is repeated.
  public let attempts: Int
  private let links: [SharedLink]
  private let reachability = Reachability()

  /// A connection that many calls share, with the number of calls that use it now.
  private final class SharedLink: Sendable {
    let link: Link
    let load = Atomic<Int>(0)

    init(_ link: Link) { self.link = link }
  }

  /// - Parameters:
  ///   - socketPath: the path of the daemon's socket; `SocketPath.standard` if nil. The client connects with the first
  ///     call.
  ///   - timeout: the timeout of calls for which the caller gives none.
  ///   - connections: how many connections the calls are spread over; more than one helps if calls carry much data.
  ///   - attempts: the maximum number of attempts of one call. Reads, and writes with a request id, are repeated until
  ///     their deadline if the connection was lost or the daemon asks for a later attempt. With 1, no call that was
  ///     sent is repeated. If the daemon can no longer be reached, calls wait at most 15 s for it; this does not count
  ///     as an attempt.
  public init(socketPath: String? = nil, timeout: Duration = .seconds(30), connections: Int = 1, attempts: Int = 5) {
    precondition(connections > 0 && attempts > 0, "a client has one connection and makes one attempt at least")
    let path = socketPath ?? SocketPath.standard
    let reachability = reachability
    self.socketPath = path
    self.timeout = timeout
    self.attempts = attempts
    links = (0..<connections).map { _ in SharedLink(Link(path: path, reachability: reachability)) }
  }

  /// Closes the connections of unary calls. Calls in flight and later unary calls fail with `unavailable`. Streams
  /// continue, because each has its own connection.
  public func close() async {
    for shared in links { await shared.link.close() }
  }

  // MARK: Any method

  /// Calls any method that returns one reply. Request and reply are passed as encoded bytes.
  ///
  /// - Parameters:
  ///   - service: the service's full name, such as `bahari.v1.DesaService`.
  ///   - method: the method's name without the service, such as `Get`.
  ///   - payload: the encoded request; at most 4 MiB together with the names of service and method.
  ///   - timeout: how long the call may take, repetitions included; the client's `timeout` if nil.
  ///   - effect: whether the method writes, which decides whether the client may repeat the call.
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

  /// Calls any method that returns a stream of messages. Request and messages are passed as encoded bytes.
  ///
  /// The call starts when the caller asks for the first message, and is repeated only while no message has arrived. At
  /// most about 4 MiB of received messages wait for the caller. Beyond that the client stops reading the socket, so
  /// that the daemon stops sending.
  ///
  /// - Parameters: as in `unary`; the timeout covers the whole stream.
  /// - Returns: the encoded messages, in order. The caller may iterate over them once.
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

/// Decodes a method's successful reply. If that fails, throws a `BahariError` that names the method.
func decoded<M: Message>(_ bytes: [UInt8], from method: String, _ effect: CallEffect) throws -> M {
  try readable(method, effect) { try M(serializedBytes: bytes) }
}

/// Runs `body`, which decodes a method's successful reply. An error of `body` is replaced by a `BahariError` that names
/// the method and has the outcome `applied` if the method writes.
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
