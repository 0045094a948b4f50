import Dispatch

/// Runs an actor on a serial Dispatch queue. Handlers of Dispatch sources and timers on that queue can then use the
/// actor's state through `assumeIsolated`, and no thread of Swift's cooperative pool waits for a socket.
final class QueueExecutor: SerialExecutor {
  let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  /// Stops the program unless the caller runs on the queue. `assumeIsolated` calls this in handlers of sources and
  /// timers, which are not jobs of the actor.
  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
