import Dispatch

/// Calls that wait for their turn: first in, first out, and those that are to be repeated in front.
struct CallQueue {
  private var repeated: [Call] = []
  private var calls: [Call] = []
  private var head = 0

  var isEmpty: Bool { repeated.isEmpty && head == calls.count }

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

  mutating func removeAll() -> [Call] {
    defer { self = CallQueue() }
    return repeated.reversed() + calls[head...]
  }

  private mutating func removeFirst() -> Call {
    if let call = repeated.popLast() { return call }
    let call = calls[head]
    head += 1
    // Behind a long head the array is cut, so that a queue that never empties does not grow for ever.
    if head == calls.count || head > 4_096 {
      calls.removeFirst(head)
      head = 0
    }
    return call
  }
}

/// How long to wait before connecting again: 10 ms after the first failure, doubled up to a second, with
/// jitter so that the clients of a restarted daemon do not come back all at once.
struct Backoff {
  private var failures = 0
  /// Not to connect before this uptime, in nanoseconds.
  private(set) var earliest: UInt64 = 0

  mutating func failed(at now: UInt64) {
    let whole = min(UInt64(10_000_000) << UInt64(min(failures, 7)), 1_000_000_000)
    failures += 1
    earliest = now + UInt64.random(in: whole / 2...whole)
  }

  mutating func succeeded() {
    failures = 0
    earliest = 0
  }
}

/// The monotonic clock of Dispatch, in nanoseconds.
enum Clock {
  static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

  /// At most about three years and never negative, so that sums cannot overflow.
  static func nanoseconds(_ duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(min(seconds, 100_000_000)) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
  }
}
