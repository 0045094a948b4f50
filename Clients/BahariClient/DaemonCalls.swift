import SwiftProtobuf

// Calls about the daemon itself.

extension BahariClient {
  /// Describes what the daemon serves: its messages and, per table, the columns.
  ///
  /// - Throws: `BahariError`, or `CancellationError`.
  public func describe(timeout: Duration? = nil) async throws -> Bahari_V1_GetDescriptorReply {
    let service = "bahari.v1.DescriptorService"
    let bytes = try await unary(service: service, method: "Get", payload: [], timeout: timeout, effect: .read)
    return try decoded(bytes, from: "\(service)/Get", .read)
  }

  /// Returns the daemon's counters since its start: calls and latencies by method, and its connections.
  ///
  /// Latencies are in microseconds. Works while PostgreSQL is unreachable.
  ///
  /// - Throws: `BahariError`, or `CancellationError`.
  public func stats(timeout: Duration? = nil) async throws -> Bahari_V1_GetStatsReply {
    let service = "bahari.v1.StatsService"
    let bytes = try await unary(service: service, method: "Get", payload: [], timeout: timeout, effect: .read)
    return try decoded(bytes, from: "\(service)/Get", .read)
  }

  /// Asks whether a service can serve calls.
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
      service: health, method: "Check", payload: try request.serializedBytes(), timeout: timeout, effect: .read)
    let reply: Grpc_Health_V1_HealthCheckResponse = try decoded(bytes, from: "\(health)/Check", .read)
    return reply.status
  }
}
