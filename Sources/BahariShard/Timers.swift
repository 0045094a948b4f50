import Dispatch

/// Scheduling on a shard: one dispatch timer, set for the first timer of the heap.
extension Shard {
  /// Calls `action` once, at `due` (monotonic nanoseconds) or as soon after as the queue is free.
  package func schedule(at due: UInt64, _ action: @escaping () -> Void) -> Timer {
    let timer = Timer(due: due, action: action)
    timers.insert(timer)
    // The dispatch timer may stay set for a timer that was cancelled. This does no harm: it fires, finds nothing due
    // and is set again.
    if due < armedFor { arm(for: due) }
    return timer
  }

  package func schedule(after nanoseconds: UInt64, _ action: @escaping () -> Void) -> Timer {
    let (due, isBeyondTime) = Shard.now.addingReportingOverflow(nanoseconds)
    return schedule(at: isBeyondTime ? .max : due, action)
  }

  /// Suspends the caller for this time; the shard goes on with other work.
  package func pause(nanoseconds: UInt64) async {
    await withCheckedContinuation { continuation in _ = schedule(after: nanoseconds) { continuation.resume() } }
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
