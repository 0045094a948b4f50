/// Calls that wait to be sent: first in, first out, behind those that are to be sent again.
struct CallQueue {
  private var repeated: [Call] = []
  private var calls: [Call] = []
  private var head = 0
  /// Roughly how many have ended while they waited.
  private var ended = 0

  var isEmpty: Bool { repeated.isEmpty && head == calls.count }
  /// Includes calls that have ended while they waited and are not removed yet.
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

  /// Drops ended calls from the front, so that a queue of them does not open a connection.
  mutating func dropFinished() {
    while let last = repeated.last, last.end != nil { repeated.removeLast() }
    while repeated.isEmpty, head < calls.count, calls[head].end != nil { _ = removeFirst() }
  }

  /// Removes and returns all calls that have not ended, in order.
  mutating func removeAll() -> [Call] {
    defer { self = CallQueue() }
    return (repeated.reversed() + calls[head...]).filter { $0.end == nil }
  }

  /// Notes that a call ended while it waited. Ended calls are removed once they are more than half, so that a queue that
  /// does not move holds at most twice the calls that still wait.
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
    // The array is cut behind a long head, so that a queue that never empties does not grow without bound.
    if head == calls.count || head > 4_096 {
      calls.removeFirst(head)
      head = 0
    }
    return call
  }
}
