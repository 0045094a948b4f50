import BahariFrame
import BahariPostgres
import BahariShard

/// Where a call's answers go: the connection it came from.
package protocol CallSink: AnyObject {
  /// The one reply of a unary call.
  func reply(_ payload: UnsafeRawBufferPointer, to call: Call, on shard: isolated Shard)
  /// One message of a stream.
  func part(_ payload: UnsafeRawBufferPointer, of call: Call, on shard: isolated Shard)
  /// The end of a stream, all well.
  func end(of call: Call, on shard: isolated Shard)
  func fail(_ status: Status, _ call: Call, on shard: isolated Shard)
  /// Whether so little waits to be sent that a stream may go on.
  var takesMore: Bool { get }
  /// Calls `body` once the connection takes more, or is gone.
  func whenItTakesMore(_ body: @escaping () -> Void)
}
