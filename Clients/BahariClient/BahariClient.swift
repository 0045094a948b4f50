import BahariFrame
import SwiftProtobuf

/// A client of the Bahari daemon: typed calls over its Unix socket.
///
///     let client = BahariClient()
///     let desa = try await client.desa.get(1_101_012_001)
///     for try await row in client.kabupaten.export() { … }
///
/// May be shared by any number of tasks. Calls share one connection, at most 1,000 at a time with the
/// rest waiting their turn; a stream has a connection of its own, so that a consumer that takes its time
/// holds up nobody. Connects with the first call and again after a loss. Every call ends by its
/// deadline, and cancelling the task cancels the call.
public final class BahariClient: Sendable {
  /// The socket that calls go to.
  public let socketPath: String
  /// The deadline of calls that name none.
  public let timeout: Duration
  private let link: Link

  /// - Parameters:
  ///   - socketPath: the daemon's socket; `SocketPath.standard` when nil. Nothing is opened before the first call.
  ///   - timeout: how long a call may take when it names no time itself.
  public init(socketPath: String? = nil, timeout: Duration = .seconds(30)) {
    self.socketPath = socketPath ?? SocketPath.standard
    self.timeout = timeout
    link = Link(path: self.socketPath)
  }

  /// Closes the connection. Calls in flight and later ones end with `unavailable`.
  public func close() async { await link.close() }

  // MARK: Any method

  /// Calls a method that has one reply, with messages as bytes.
  ///
  /// - Parameters:
  ///   - service: the full name, such as `bahari.v1.DesaService`.
  ///   - method: the bare name, such as `Get`.
  ///   - payload: the encoded request, at most 4 MiB with its names.
  ///   - timeout: how long the call may take; the client's when nil.
  ///   - isRead: the call changes nothing, so that it may be sent again, once, when its connection is lost.
  /// - Returns: the encoded reply.
  /// - Throws: `BahariError`, or `CancellationError` when the task was cancelled.
  public func unary(
    service: String, method: String, payload: [UInt8], timeout: Duration? = nil, isRead: Bool = false
  ) async throws -> [UInt8] {
    try await link.unary(
      CallRequest(
        service: service, method: method, payload: payload, timeout: timeout ?? self.timeout, isRead: isRead))
  }

  /// Calls a method that answers with a stream, with messages as bytes.
  ///
  /// The call is made when the first message is asked for. At most 4 MiB wait unread: beyond that the
  /// socket is left alone, and the daemon stops producing.
  ///
  /// - Parameters: as those of `unary`; the timeout covers the whole stream.
  /// - Returns: the encoded messages, in order; iterate it once.
  public func serverStream(
    service: String, method: String, payload: [UInt8], timeout: Duration? = nil
  ) -> MessageStream {
    let request = CallRequest(
      service: service, method: method, payload: payload, timeout: timeout ?? self.timeout, streams: true)
    return MessageStream(path: socketPath, request: request)
  }

  // MARK: The daemon itself

  /// What the daemon serves: its messages and, per table, the columns.
  ///
  /// - Throws: `BahariError`, or `CancellationError`.
  public func describe(timeout: Duration? = nil) async throws -> Bahari_V1_GetDescriptorReply {
    let service = "bahari.v1.DescriptorService"
    let bytes = try await unary(service: service, method: "Get", payload: [], timeout: timeout, isRead: true)
    return try decoded(bytes, from: "\(service)/Get")
  }

  /// What the daemon has done since it started: calls and their times, by method, and its connections.
  ///
  /// Times are in microseconds. Answered while PostgreSQL is away, too.
  ///
  /// - Throws: `BahariError`, or `CancellationError`.
  public func stats(timeout: Duration? = nil) async throws -> Bahari_V1_GetStatsReply {
    let service = "bahari.v1.StatsService"
    let bytes = try await unary(service: service, method: "Get", payload: [], timeout: timeout, isRead: true)
    return try decoded(bytes, from: "\(service)/Get")
  }

  /// Asks whether a service can do its work.
  ///
  /// - Parameter service: a full name such as `bahari.v1.DesaService`; empty for the daemon as a whole.
  /// - Returns: `.serving`, `.notServing`, or `.serviceUnknown`.
  /// - Throws: `BahariError`, with `notFound` for a service that does not exist, or `CancellationError`.
  public func health(
    service: String = "", timeout: Duration? = nil
  ) async throws -> Grpc_Health_V1_HealthCheckResponse.ServingStatus {
    var request = Grpc_Health_V1_HealthCheckRequest()
    if !service.isEmpty { request.service = service }
    let health = "grpc.health.v1.Health"
    let bytes = try await unary(
      service: health, method: "Check", payload: try request.serializedBytes(), timeout: timeout, isRead: true)
    let reply: Grpc_Health_V1_HealthCheckResponse = try decoded(bytes, from: "\(health)/Check")
    return reply.status
  }
}

/// The message in a reply's bytes, or an error that names the method.
func decoded<M: Message>(_ bytes: [UInt8], from method: String) throws -> M {
  do {
    return try M(serializedBytes: bytes)
  } catch {
    throw unreadable(method, error)
  }
}

func unreadable(_ method: String, _ error: any Error) -> BahariError {
  BahariError(
    .internal,
    "the reply of \(method) is no message of the expected type (\(error)): compare the versions of "
      + "client and daemon", outcome: .unknown)
}
