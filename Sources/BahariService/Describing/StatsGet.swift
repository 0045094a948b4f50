import BahariFrame
import BahariMessage
import BahariShard

/// Runs StatsService/Get, which returns the counters of all shards of the daemon.
final class StatsGet: MethodRunner {
  private let reply: ReplyShape
  private unowned let service: Service

  init(_ method: BoundMethod, _ service: Service) {
    reply = method.reply
    self.service = service
  }

  /// The counters of all shards are read in a task, so that this shard can handle other calls meanwhile. If they arrive
  /// after the call's deadline, they are dropped.
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
