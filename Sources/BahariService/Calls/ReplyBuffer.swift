import BahariFrame
import BahariShard

/// The memory in which a shard puts its replies together, one after the other. It is lent for the length of a closure,
/// so no call can see the bytes of another.
final class ReplyBuffer {
  private let writer = WireWriter(capacity: 65_536)
  private var isLent = false

  /// Answers `call` with what `body` writes.
  func send(to call: Call, on shard: isolated Shard, _ body: (WireWriter) -> Void) {
    precondition(!isLent, "a reply is put together while another one is")
    isLent = true
    writer.removeAll()
    body(writer)
    isLent = false
    call.succeed(writer, on: shard)
  }

  /// Answers `call` with the envelope of a success, and the fields that `body` writes behind it.
  func send(_ shape: ReplyShape, to call: Call, on shard: isolated Shard, _ body: (WireWriter) -> Void) {
    send(to: call, on: shard) { writer in
      shape.begin(writer)
      body(writer)
    }
  }

  /// Answers `call` with a whole reply.
  func send(_ reply: [UInt8], to call: Call, on shard: isolated Shard) {
    send(to: call, on: shard) { writer in reply.withUnsafeBytes { writer.append($0) } }
  }
}
