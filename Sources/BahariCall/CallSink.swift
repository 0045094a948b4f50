import BahariFrame
import BahariShard

/// Where the answers of a call go: the connection that it came from. A call is named by its stream.
///
/// A call ends with exactly one of `reply`, `end` and `fail`; `part` comes any number of times before `end` or `fail`.
/// The bytes are copied before a method returns.
package protocol CallSink: AnyObject {
  /// The one reply of a unary call.
  func reply(_ payload: UnsafeRawBufferPointer, to stream: UInt32, on shard: isolated Shard)
  /// One message of a stream.
  func part(_ payload: UnsafeRawBufferPointer, of stream: UInt32, on shard: isolated Shard)
  /// The successful end of a stream.
  func end(of stream: UInt32, on shard: isolated Shard)
  /// The end of any call with an error.
  func fail(_ status: Status, _ stream: UInt32, on shard: isolated Shard)
  /// False while so many bytes are unsent that a stream has to wait.
  var takesMore: Bool { get }
  /// Runs `body` once the connection takes more or is closed; at once if it does already.
  func whenItTakesMore(_ body: @escaping () -> Void)
}
