import BahariFrame
import BahariShard

/// A call in flight, with the operations that its client connection uses.
package protocol ServedCall: AnyObject {
  /// Starts the call. Called only once. The bytes of `request` are valid only until this returns.
  ///
  /// The call may already have ended when `start` returns.
  func start(_ request: RequestEnvelope, on shard: isolated Shard)
  /// Ends the call because its client cancelled it or, if `isGone`, has disconnected. Sends an answer only if not
  /// `isGone`.
  func cancel(isGone: Bool, on shard: isolated Shard)
  /// Ends the call with an error, because its client sent a frame that is not allowed on the call's stream.
  func abort(_ refusal: FrameRefusal, on shard: isolated Shard)
}
