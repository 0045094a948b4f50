/// An action that runs once on a shard at its due time, unless it is cancelled before.
package final class Timer {
  /// When the action is due, in monotonic nanoseconds.
  package let due: UInt64
  /// The timer's index in the `TimerHeap`; -1 if it is not in the heap.
  var index = -1
  var action: (() -> Void)?

  init(due: UInt64, action: @escaping () -> Void) {
    self.due = due
    self.action = action
  }
}
