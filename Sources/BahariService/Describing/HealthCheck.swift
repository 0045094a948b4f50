import BahariFrame
import BahariMessage
import BahariShard

/// grpc.health.v1.Health/Check: SERVING while PostgreSQL can be reached and its schema is whole.
final class HealthCheck: MethodRunner {
  /// Numbers of grpc.health.v1.HealthCheckResponse, which gRPC fixes.
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
      throw Status(ErrorClass.notFound, "there is no service \(String(name.prefix(100)).debugDescription)")
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
