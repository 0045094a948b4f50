import BahariFrame
import SwiftProtobuf
import Synchronization

/// A client of the Bahari daemon: typed calls over its Unix socket.
///
///     let client = BahariClient()
///     let vessel = try await client.kapal.get(12)
///     for try await desa in client.desa.export() { … }
///
/// May be shared by any number of tasks. Calls share one connection, or a few, with at most 1,000 at a time on each
/// and the rest waiting in the order in which they were made; a stream has a connection of its own, so that a
/// consumer that takes its time holds up nobody. Connects with the first call and again after a loss.
///
/// Every call ends by its deadline. Cancelling the task cancels the call, which then throws `CancellationError`:
/// one that has not been sent never runs; of a write that has been sent nobody knows.
public final class BahariClient: Sendable {
  /// The socket that calls go to.
  public let socketPath: String
  /// The deadline of calls that name none.
  public let timeout: Duration
  /// How often one call may reach the daemon.
  public let attempts: Int
  private let lanes: [Lane]
  private let reached = Reached()

  /// One connection, and how many calls it has.
  private final class Lane: Sendable {
    let link: Link
    let load = Atomic<Int>(0)

    init(_ link: Link) { self.link = link }
  }

  /// - Parameters:
  ///   - socketPath: the daemon's socket; `SocketPath.standard` when nil. Nothing is opened before the first call.
  ///   - timeout: how long a call may take when it names no time itself.
  ///   - connections: how many connections calls are spread over; more than one pays where calls carry much data.
  ///   - attempts: how often a call may reach the daemon before its failure is told: reads, and writes by their
  ///     request id, are made again when the connection was lost or the daemon asks to come back later, within
  ///     the deadline. 1 for never again. A daemon that went away is waited for 15 s, and no longer.
  public init(socketPath: String? = nil, timeout: Duration = .seconds(30), connections: Int = 1, attempts: Int = 5) {
    precondition(connections > 0 && attempts > 0, "a client has one connection and makes one attempt at least")
    let path = socketPath ?? SocketPath.standard
    let reached = reached
    self.socketPath = path
    self.timeout = timeout
    self.attempts = attempts
    lanes = (0..<connections).map { _ in Lane(Link(path: path, reached: reached)) }
  }

  /// Closes the connections. Calls in flight and later ones end with `unavailable`; streams go on.
  public func close() async {
    for lane in lanes { await lane.link.close() }
  }

  // MARK: Any method

  /// Calls a method that has one reply, with messages as bytes.
  ///
  /// - Parameters:
  ///   - service: the full name, such as `bahari.v1.DesaService`.
  ///   - method: the bare name, such as `Get`.
  ///   - payload: the encoded request, at most 4 MiB with its names.
  ///   - timeout: how long the call may take, repetitions included; the client's when nil.
  ///   - effect: what the call does, which decides whether it may be made again.
  /// - Returns: the encoded reply.
  /// - Throws: `BahariError`, or `CancellationError` when the task was cancelled.
  public func unary(
    service: String, method: String, payload: [UInt8], timeout: Duration? = nil, effect: CallEffect = .write
  ) async throws -> [UInt8] {
    let request = CallRequest(
      service: service, method: method, payload: payload, timeout: timeout ?? self.timeout, effect: effect)
    var retry = Retry(request, attempts: attempts)
    return try await retry.run {
      let lane = idlest
      lane.load.add(1, ordering: .relaxed)
      defer { lane.load.subtract(1, ordering: .relaxed) }
      return try await lane.link.unary(request)
    }
  }

  /// Calls a method that answers with a stream, with messages as bytes.
  ///
  /// The call is made when the first message is asked for, and made again only while none has come. At most 4 MiB
  /// wait unread: beyond that the socket is left alone, and the daemon stops producing.
  ///
  /// - Parameters: as those of `unary`; the timeout covers the whole stream, from its first message on.
  /// - Returns: the encoded messages, in order; iterate it once.
  public func serverStream(
    service: String, method: String, payload: [UInt8], timeout: Duration? = nil, effect: CallEffect = .read
  ) -> MessageStream {
    let (path, reached, attempts, timeout) = (socketPath, reached, attempts, timeout ?? self.timeout)
    return MessageStream(attempts: attempts) {
      let request = CallRequest(
        service: service, method: method, payload: payload, timeout: timeout, streams: true, effect: effect)
      return (Link(path: path, reached: reached), request)
    }
  }

  private var idlest: Lane {
    var best = lanes[0]
    guard lanes.count > 1 else { return best }
    var least = best.load.load(ordering: .relaxed)
    for lane in lanes.dropFirst() {
      let load = lane.load.load(ordering: .relaxed)
      if load < least { (best, least) = (lane, load) }
    }
    return best
  }
}

/// The message in a reply's bytes, or an error that names the method.
func decoded<M: Message>(_ bytes: [UInt8], from method: String, _ effect: CallEffect) throws -> M {
  try readable(method, effect) { try M(serializedBytes: bytes) }
}

/// What `body` reads from a reply of success, or an error that names the method.
func readable<R>(_ method: String, _ effect: CallEffect, _ body: () throws -> R) throws -> R {
  do {
    return try body()
  } catch {
    throw BahariError(
      .internal,
      "the reply of \(method) is no message of the expected type (\(error)): compare the versions of "
        + "client and daemon", outcome: effect == .read ? .notApplied : .applied)
  }
}
