import BahariFrame
import BahariShard

/// Creates and serves the calls of all client connections of one shard.
package protocol CallHandler: AnyObject {
  /// Creates a call that is not started yet. The call sends its answers to `sink`, with the number `stream`.
  func makeCall(stream: UInt32, peer: Peer, sink: any CallSink) -> any ServedCall
  /// Returns the status that a client gets for `refusal`.
  func status(of refusal: FrameRefusal) -> Status
  /// Refuses all calls that start after this. Calls in flight continue.
  func drain(on shard: isolated Shard)
  /// Releases resources such as database connections. Called after `drain`, when all client connections are closed.
  func close(on shard: isolated Shard)
}
