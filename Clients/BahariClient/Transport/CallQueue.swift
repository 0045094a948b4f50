/// The calls that wait to be sent, in the order in which they were made. Calls that must be sent again on a new
/// connection come first.
struct CallQueue {
  private var repeated: [Call] = []
  private var calls: [Call] = []
  private var head = 0
  /// The approximate number of calls in the queue that have ended while they waited.
  private var ended = 0

  var isEmpty: Bool { repeated.isEmpty && head == calls.count }
  /// The number of calls in the queue, including calls that have ended while they waited and are not removed yet.
  var count: Int { repeated.count + calls.count - head }

  mutating func append(_ call: Call) { calls.append(call) }
  mutating func prepend(_ call: Call) { repeated.append(call) }

  /// Removes and returns the first call that has not ended.
  mutating func popFirst() -> Call? {
    while !isEmpty {
      let call = removeFirst()
      if call.end == nil { return call }
    }
    return nil
  }

  /// Removes calls that have already ended from the front of the queue. If all calls have ended, the queue is empty
  /// afterwards, and no connection is opened for it.
  mutating func dropFinished() {
    while let last = repeated.last, last.end != nil { repeated.removeLast() }
    while repeated.isEmpty, head < calls.count, calls[head].end != nil { _ = removeFirst() }
  }

  /// Removes all calls, and returns those that have not ended, in the order in which they would be sent.
  mutating func removeAll() -> [Call] {
    defer { self = CallQueue() }
    return (repeated.reversed() + calls[head...]).filter { $0.end == nil }
  }

  /// Counts a call that has ended while it waited. When more than 1,024 calls and more than half of the queue have
  /// ended, the ended calls are removed, so that they cannot fill the memory while nothing is sent.
  mutating func noteEnd() {
    ended += 1
    guard ended > 1_024, ended > count / 2 else { return }
    calls = calls[head...].filter { $0.end == nil }
    repeated.removeAll { $0.end != nil }
    (head, ended) = (0, 0)
  }

  private mutating func removeFirst() -> Call {
    if let call = repeated.popLast() { return call }
    let call = calls[head]
    head += 1
    if call.end != nil { ended = max(ended - 1, 0) }
    // Removed calls are cut off the array once there are many, so that it does not grow without bound if the queue is
    // never empty.
    if head == calls.count || head > 4_096 {
      calls.removeFirst(head)
      head = 0
    }
    return call
  }
}
