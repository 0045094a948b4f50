import BahariFrame
import BahariShard

/// The memory in which a shard encodes its replies, one after the other. The memory is accessible only inside the
/// closure that encodes a reply, so no call can see the bytes of another call.
final class ReplyBuffer {
  private let writer = WireWriter(capacity: 65_536)
  private var isLent = false

  /// Answers `call` with the bytes that `body` writes.
  func send(to call: Call, on shard: isolated Shard, _ body: (WireWriter) -> Void) {
    precondition(!isLent, "a reply is put together while another one is")
    isLent = true
    writer.removeAll()
    body(writer)
    isLent = false
    call.succeed(writer, on: shard)
  }

  /// Answers `call` with a successful reply: the fields that all such replies begin with, then those that `body`
  /// writes.
  func send(_ shape: ReplyShape, to call: Call, on shard: isolated Shard, _ body: (WireWriter) -> Void) {
    send(to: call, on: shard) { writer in
      shape.begin(writer)
      body(writer)
    }
  }

  /// Answers `call` with a reply that is already encoded.
  func send(_ reply: [UInt8], to call: Call, on shard: isolated Shard) {
    send(to: call, on: shard) { writer in reply.withUnsafeBytes { writer.append($0) } }
  }
}
