import BahariFrame
import BahariShard

/// A call in flight, as the connection that it came from knows it.
package protocol ServedCall: AnyObject {
  /// Begins the call; called once. The bytes of `request` are valid until this returns.
  ///
  /// The call may end before this returns.
  func start(_ request: RequestEnvelope, on shard: isolated Shard)
  /// Ends the call because its client needs no answer. With `isGone` the client has disconnected, and nothing is sent.
  func cancel(isGone: Bool, on shard: isolated Shard)
  /// Ends the call because of a frame that its client sent.
  func abort(_ refusal: FrameRefusal, on shard: isolated Shard)
}
