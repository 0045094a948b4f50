import BahariFrame
import BahariShard

/// Serves the calls of all connections of one shard.
package protocol CallHandler: AnyObject {
  /// A call that has not been started. Its answers go to `sink`, under `stream`.
  func makeCall(stream: UInt32, peer: Peer, sink: any CallSink) -> any ServedCall
  /// The status with which `refusal` is sent to the client.
  func status(of refusal: FrameRefusal) -> Status
  /// Refuses calls that start from now on; those in flight go on.
  func drain(on shard: isolated Shard)
  /// Releases what the handler holds open; called after `drain`, when all connections have been closed.
  func close(on shard: isolated Shard)
}
