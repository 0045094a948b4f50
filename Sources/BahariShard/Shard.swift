import Dispatch

/// One serial queue and everything that runs on it: client connections, PostgreSQL connections, calls and timers.
///
/// Shards share nothing. The objects of a shard are plain, non-Sendable classes. The functions that handle a call take
/// `on shard: isolated Shard` and are ordinary synchronous functions; results that come later are passed to plain
/// closures, which capture the shard they belong to. Three things run code on the queue: the dispatch source of the
/// shard's poller when descriptors are ready, the shard's timer source, and async functions that resume there.
package actor Shard {
  private nonisolated let executor: ShardExecutor
  private var ending: [any EventEnd] = []
  private var inEvent = false
  let poller = Poller()
  private var pollSource: (any DispatchSourceRead)?
  private var wakeSource: Source?
  let timers = TimerHeap()
  var timerSource: (any DispatchSourceTimer)?
  var armedFor = UInt64.max

  package init(name: String) {
    executor = ShardExecutor(queue: DispatchQueue(label: "bahari.\(name)"))
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  nonisolated var queue: DispatchQueue { executor.queue }

  nonisolated var backlog: Backlog { executor.backlog }

  /// Monotonic nanoseconds, the time base of every deadline.
  package nonisolated static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

  /// The number of polls that found events, and the number of events found.
  package var eventCounts: (polls: Int, events: Int) { poller.counts }

  /// Starts to deliver events to the shard's sources; called when the first source is made.
  func startPolling() {
    guard pollSource == nil else { return }
    let source = DispatchSource.makeReadSource(fileDescriptor: poller.descriptor.raw, queue: queue)
    let handler = Handler { self.poller.poll(on: self) }
    source.setEventHandler { handler.call(on: self) }
    pollSource = source
    source.resume()
    wakeSource = .reading(backlog.wake, on: self) { self.backlog.awake() }
    wakeSource?.resume()
  }

  /// Runs `task` at the end of the current event, so that all output of one event leaves in one write. A task must
  /// register itself at most once per event.
  package func atEndOfEvent(_ task: any EventEnd) {
    ending.append(task)
    guard !inEvent, ending.count == 1 else { return }
    // No event is running, because the caller is an async function that resumed on the shard. So an empty event is
    // started, and `task` runs at its end.
    enter { _ in }
  }

  /// Runs `body` as one event of this shard.
  func event(_ body: () -> Void) {
    inEvent = true
    body()
    while !ending.isEmpty {
      let tasks = ending
      ending.removeAll(keepingCapacity: true)
      for task in tasks { task.eventEnded(on: self) }
    }
    inEvent = false
  }
}

private final class ShardExecutor: SerialExecutor {
  let queue: DispatchQueue
  let backlog = Backlog()

  init(queue: DispatchQueue) { self.queue = queue }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    async { job.runSynchronously(on: executor) }
  }

  func async(_ body: @escaping @Sendable () -> Void) {
    backlog.add()
    queue.async {
      self.backlog.remove()
      body()
    }
  }

  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}

extension Shard {
  /// Runs `body` on the shard later, as an event of its own. May be called from any thread.
  package nonisolated func enter(_ body: @escaping @Sendable (isolated Shard) -> Void) {
    executor.async { self.assumeIsolated { shard in shard.event { body(shard) } } }
  }
}
