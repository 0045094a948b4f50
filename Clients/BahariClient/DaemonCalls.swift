import SwiftProtobuf

// Calls that return information about the daemon: its description, counters and health.

extension BahariClient {
  /// Returns the description of all services: their messages, tables, columns and reports.
  ///
  /// - Throws: `BahariError`, or `CancellationError`.
  public func describe(timeout: Duration? = nil) async throws -> Bahari_V1_GetDescriptorReply {
    let service = "bahari.v1.DescriptorService"
    let bytes = try await unary(service: service, method: "Get", payload: [], timeout: timeout, effect: .read)
    return try decoded(bytes, from: "\(service)/Get", .read)
  }

  /// Returns the daemon's counters since its start: calls and latencies by method, and counters of its connections.
  ///
  /// Latencies are in microseconds. The call also succeeds while PostgreSQL cannot be reached.
  ///
  /// - Throws: `BahariError`, or `CancellationError`.
  public func stats(timeout: Duration? = nil) async throws -> Bahari_V1_GetStatsReply {
    let service = "bahari.v1.StatsService"
    let bytes = try await unary(service: service, method: "Get", payload: [], timeout: timeout, effect: .read)
    return try decoded(bytes, from: "\(service)/Get", .read)
  }

  /// Returns whether a service, or the whole daemon, can serve calls now.
  ///
  /// - Parameter service: the service's full name, such as `bahari.v1.DesaService`; empty for the whole daemon.
  /// - Returns: `.serving` or `.notServing`.
  /// - Throws: `BahariError`, with the code `notFound` if there is no such service, or `CancellationError`.
  public func health(
    service: String = "", timeout: Duration? = nil
  ) async throws -> Grpc_Health_V1_HealthCheckResponse.ServingStatus {
    try await healthReply(service: service, timeout: timeout).status
  }

  /// Returns the same as `health`, and details for operators: why acknowledged writes may be lost.
  ///
  /// - Parameter service: the service's full name; empty for the whole daemon.
  /// - Throws: as `health`.
  public func healthReply(
    service: String = "", timeout: Duration? = nil
  ) async throws -> Grpc_Health_V1_HealthCheckResponse {
    var request = Grpc_Health_V1_HealthCheckRequest()
    if !service.isEmpty { request.service = service }
    let health = "grpc.health.v1.Health"
    let bytes = try await unary(
      service: health, method: "Check", payload: try request.serializedBytes(), timeout: timeout, effect: .read)
    return try decoded(bytes, from: "\(health)/Check", .read)
  }
}
