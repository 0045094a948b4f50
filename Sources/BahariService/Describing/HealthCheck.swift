import BahariFrame
import BahariMessage
import BahariShard

/// Runs grpc.health.v1.Health/Check. It returns SERVING while PostgreSQL can be reached, its schema matches the
/// catalog, and the daemon is not about to stop. The details list the durability risks.
final class HealthCheck: MethodRunner {
  /// The values of `status` in grpc.health.v1.HealthCheckResponse, as gRPC defines them.
  private static let serving: UInt64 = 1
  private static let notServing: UInt64 = 2

  private let serviceField: FieldDescriptor
  private let status, details: UInt32
  private let detail: FieldNumbers
  private unowned let service: Service

  init(_ method: BoundMethod, _ service: Service) {
    serviceField = method.input.required("service")
    (status, details) = (method.reply.number("status"), method.reply.number("details"))
    detail = method.reply.within("details")
    self.service = service
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let name = request.string(serviceField) ?? ""
    guard name.isEmpty || service.table.has(service: name) else {
      throw Status(ErrorClass.notFound, "there is no service \(name.echo)")
    }
    guard let durability = service.durability else { return reply([], to: call, on: shard) }
    durability.read(on: shard) { self.reply($0, to: call, on: shard) }
  }

  private func reply(_ risks: [DurabilityRisk], to call: Call, on shard: isolated Shard) {
    service.replies.send(to: call, on: shard) { writer in
      writer.field(status, varint: service.isServing ? HealthCheck.serving : HealthCheck.notServing)
      for risk in risks {
        writer.field(details) {
          writer.field(detail["reason"], string: DurabilityRisk.reason)
          writer.field(detail["subject"], string: risk.subject)
          writer.field(detail["message"], string: risk.text)
        }
      }
    }
  }
}

extension DaemonMethod {
  static let health = DaemonMethod(service: "grpc.health.v1.Health", name: "Check", sentence: "") {
    HealthCheck($0, $1)
  }
}
