import Dispatch

/// Makes a serial Dispatch queue the executor of an actor, so that handlers of its sources and timers run inside the
/// actor's isolation, and no thread of the cooperative pool waits for a socket.
final class QueueExecutor: SerialExecutor {
  let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  /// Called by `assumeIsolated` in handlers that run on the queue without being a job of the actor.
  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
