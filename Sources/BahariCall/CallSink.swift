import BahariFrame
import BahariShard

/// The client connection to which a call sends its answers. Each call is identified by its stream's number.
///
/// A call ends with exactly one `reply`, `end` or `fail`. `part` may be called any number of times before `end` or
/// `fail`. Each method copies its bytes before it returns.
package protocol CallSink: AnyObject {
  /// Sends the only reply of a unary call.
  func reply(_ payload: UnsafeRawBufferPointer, to stream: UInt32, on shard: isolated Shard)
  /// Sends one message of a stream.
  func part(_ payload: UnsafeRawBufferPointer, of stream: UInt32, on shard: isolated Shard)
  /// Ends a stream successfully.
  func end(of stream: UInt32, on shard: isolated Shard)
  /// Ends a call of either kind, unary or streaming, with an error.
  func fail(_ status: Status, _ stream: UInt32, on shard: isolated Shard)
  /// Whether a stream may send more messages; false while the connection has too many unsent bytes.
  var takesMore: Bool { get }
  /// Runs `body` at once if `takesMore` is true, otherwise when it becomes true or the connection is closed.
  func whenItTakesMore(_ body: @escaping () -> Void)
}
