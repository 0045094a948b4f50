import BahariFrame
import BahariMessage
import BahariShard

/// Runs grpc.health.v1.Health/Check. It returns SERVING while PostgreSQL can be reached, its schema matches the
/// catalog, and the daemon is not about to stop.
final class HealthCheck: MethodRunner {
  /// The field number and values of `status` in grpc.health.v1.HealthCheckResponse, as gRPC defines them.
  private static let status: UInt32 = 1
  private static let serving: UInt64 = 1
  private static let notServing: UInt64 = 2

  private let serviceField: FieldDescriptor
  private unowned let service: Service

  init(_ method: BoundMethod, _ service: Service) {
    serviceField = method.input.required("service")
    self.service = service
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let name = request.string(serviceField) ?? ""
    guard name.isEmpty || service.table.has(service: name) else {
      throw Status(ErrorClass.notFound, "there is no service \(name.echo)")
    }
    service.replies.send(to: call, on: shard) { writer in
      writer.field(HealthCheck.status, varint: service.isServing ? HealthCheck.serving : HealthCheck.notServing)
    }
  }
}

extension DaemonMethod {
  static let health = DaemonMethod(service: "grpc.health.v1.Health", name: "Check", sentence: "") {
    HealthCheck($0, $1)
  }
}
