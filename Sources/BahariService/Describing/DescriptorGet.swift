import BahariFrame
import BahariMessage
import BahariShard

/// Runs DescriptorService/Get, which returns the .proto files' descriptors and describes each table and report.
final class DescriptorGet: MethodRunner {
  private let reply: ReplyShape
  private unowned let service: Service

  init(_ method: BoundMethod, _ service: Service) {
    reply = method.reply
    self.service = service
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    guard let resources = service.resources else { throw ErrorMapping.unavailable() }
    service.replies.send(reply, to: call, on: shard) { DescriptorReply.write(resources, reply, into: $0) }
  }
}

extension DaemonMethod {
  static let descriptor = DaemonMethod(
    service: "bahari.v1.DescriptorService", name: "Get", sentence: "Deskripsi berhasil diambil"
  ) { DescriptorGet($0, $1) }
}
