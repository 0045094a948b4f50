import Dispatch

/// Something to be done at a time, unless it is cancelled before.
package final class Timer {
  /// Monotonic nanoseconds.
  package let due: UInt64
  /// The place in the heap; -1 once it has fired or was cancelled.
  fileprivate var index = -1
  fileprivate var action: (() -> Void)?

  fileprivate init(due: UInt64, action: @escaping () -> Void) {
    self.due = due
    self.action = action
  }
}

/// A binary heap of timers by due time. Each knows its place, so that a call that ends takes its
/// deadline out again.
struct TimerHeap {
  private var timers: [Timer] = []

  var first: Timer? { timers.first }

  mutating func insert(_ timer: Timer) {
    timer.index = timers.count
    timers.append(timer)
    siftUp(timer.index)
  }

  mutating func remove(_ timer: Timer) {
    let index = timer.index
    guard index >= 0 else { return }
    timer.index = -1
    let last = timers.removeLast()
    guard index < timers.count else { return }
    timers[index] = last
    last.index = index
    siftUp(index)
    siftDown(last.index)
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    while index > 0, timers[index].due < timers[(index - 1) / 2].due {
      swap(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      var smallest = index
      for child in [2 * index + 1, 2 * index + 2] where child < timers.count {
        if timers[child].due < timers[smallest].due { smallest = child }
      }
      guard smallest != index else { return }
      swap(index, smallest)
      index = smallest
    }
  }

  private mutating func swap(_ a: Int, _ b: Int) {
    timers.swapAt(a, b)
    timers[a].index = a
    timers[b].index = b
  }
}

extension Shard {
  /// Calls `action` once, at `due` (monotonic nanoseconds) or as soon after as the queue is free.
  package func schedule(at due: UInt64, _ action: @escaping () -> Void) -> Timer {
    let timer = Timer(due: due, action: action)
    timers.insert(timer)
    // A source armed too early does no harm: it fires, finds nothing due and is armed anew.
    if due < armedFor { arm(for: due) }
    return timer
  }

  package func schedule(after nanoseconds: UInt64, _ action: @escaping () -> Void) -> Timer {
    let (due, isBeyondTime) = Shard.now.addingReportingOverflow(nanoseconds)
    return schedule(at: isBeyondTime ? .max : due, action)
  }

  package func cancel(_ timer: Timer) {
    timers.remove(timer)
    timer.action = nil
  }

  private func arm(for due: UInt64) {
    let source = timerSource ?? makeTimerSource()
    armedFor = due
    source.schedule(deadline: DispatchTime(uptimeNanoseconds: due), leeway: .microseconds(100))
  }

  private func makeTimerSource() -> any DispatchSourceTimer {
    let source = DispatchSource.makeTimerSource(queue: queue)
    let handler = Handler { self.event { self.fire() } }
    source.setEventHandler { handler.call(on: self) }
    timerSource = source
    source.resume()
    return source
  }

  private func fire() {
    armedFor = .max
    fireDueTimers()
    if let next = timers.first { arm(for: next.due) }
  }

  func fireDueTimers() {
    guard let first = timers.first else { return }
    let now = Shard.now
    guard first.due <= now else { return }
    while let timer = timers.first, timer.due <= now {
      timers.remove(timer)
      let action = timer.action
      timer.action = nil
      action?()
    }
  }
}
