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
///
/// The references are counted once, on the way in and out, and not at every step of a sift: two of those are on
/// every call's way.
final class TimerHeap {
  private struct Entry {
    let due: UInt64
    let timer: Unmanaged<Timer>
  }
  private var entries: [Entry] = []

  deinit { for entry in entries { entry.timer.release() } }

  var first: Timer? { entries.first?.timer.takeUnretainedValue() }

  func insert(_ timer: Timer) {
    let entry = Entry(due: timer.due, timer: .passRetained(timer))
    entries.append(entry)
    siftUp(entry, from: entries.count - 1)
  }

  func remove(_ timer: Timer) {
    let index = timer.index
    guard index >= 0 else { return }
    timer.index = -1
    entries[index].timer.release()
    let last = entries.removeLast()
    guard index < entries.count else { return }
    if index > 0, last.due < entries[(index - 1) / 2].due {
      siftUp(last, from: index)
    } else {
      siftDown(last, from: index)
    }
  }

  private func place(_ entry: Entry, at index: Int) {
    entries[index] = entry
    entry.timer._withUnsafeGuaranteedRef { $0.index = index }
  }

  /// Puts `entry` where it belongs, from `start`, which is free, towards the first.
  private func siftUp(_ entry: Entry, from start: Int) {
    var index = start
    while index > 0 {
      let parent = entries[(index - 1) / 2]
      guard entry.due < parent.due else { break }
      place(parent, at: index)
      index = (index - 1) / 2
    }
    place(entry, at: index)
  }

  /// Puts `entry` where it belongs, from `start`, which is free, towards the last.
  private func siftDown(_ entry: Entry, from start: Int) {
    var index = start
    while 2 * index + 1 < entries.count {
      var child = 2 * index + 1
      if child + 1 < entries.count, entries[child + 1].due < entries[child].due { child += 1 }
      guard entries[child].due < entry.due else { break }
      place(entries[child], at: index)
      index = child
    }
    place(entry, at: index)
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
