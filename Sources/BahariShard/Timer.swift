/// An action with a due time, on a shard. It runs once, unless it is cancelled before.
package final class Timer {
  /// Monotonic nanoseconds.
  package let due: UInt64
  /// The place in the heap; -1 once it has fired or was cancelled.
  var index = -1
  var action: (() -> Void)?

  init(due: UInt64, action: @escaping () -> Void) {
    self.due = due
    self.action = action
  }
}
