import BahariFrame
import BahariMessage
import BahariShard

/// StatsService/Get: what all shards of the daemon have counted.
final class StatsGet: MethodRunner {
  private let reply: ReplyShape
  private unowned let service: Service

  init(_ method: BoundMethod, _ service: Service) {
    reply = method.reply
    self.service = service
  }

  /// The shards are asked while this one goes on; an answer that comes after the call's deadline is dropped.
  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    guard let source = service.statsSource else { throw ErrorMapping.unavailable() }
    let (replies, shape) = (service.replies, reply)
    Task {
      let bytes = await StatsReply.encoded(from: source, shape)
      replies.send(bytes, to: call, on: shard)
    }
  }
}

extension DaemonMethod {
  static let stats = DaemonMethod(
    service: "bahari.v1.StatsService", name: "Get", sentence: "Statistik berhasil diambil"
  ) { StatsGet($0, $1) }
}
