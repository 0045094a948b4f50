/// A binary heap of timers, ordered by due time. Each timer knows its index in the heap, so that a call's deadline can
/// be removed when the call ends.
///
/// The heap counts references to a timer only when it is inserted or removed, not when it moves within the heap. This
/// matters because every call inserts and removes a timer.
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

  /// Moves `entry` from the free index `start` towards the first entry, to where the order of due times requires it.
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

  /// Moves `entry` from the free index `start` towards the last entry, to where the order of due times requires it.
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
