/// Calls that wait for their turn: first in, first out, and those that are to be repeated in front.
struct CallQueue {
  private var repeated: [Call] = []
  private var calls: [Call] = []
  private var head = 0
  /// About how many have ended while they waited.
  private var ended = 0

  var isEmpty: Bool { repeated.isEmpty && head == calls.count }
  /// Those that have ended while they waited and are not cut out yet are counted along.
  var count: Int { repeated.count + calls.count - head }

  mutating func append(_ call: Call) { calls.append(call) }
  mutating func prepend(_ call: Call) { repeated.append(call) }

  /// The first call that still waits; those that ended while waiting are passed over.
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

  /// Everything that still waits, in its order.
  mutating func removeAll() -> [Call] {
    defer { self = CallQueue() }
    return (repeated.reversed() + calls[head...]).filter { $0.end == nil }
  }

  /// A call ended while it waited. They are cut out once they are the most of it: a queue that does not move
  /// holds no more than twice the calls whose callers are there.
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
    // Behind a long head the array is cut, so that a queue that never empties does not grow for ever.
    if head == calls.count || head > 4_096 {
      calls.removeFirst(head)
      head = 0
    }
    return call
  }
}
