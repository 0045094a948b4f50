import Dispatch

/// One serial queue and all that lives on it: client connections, PostgreSQL connections, calls, timers.
///
/// Shards share nothing. What belongs to a shard is plain, non-Sendable classes in the shard's region;
/// functions along a call's way take `on shard: isolated Shard` and are ordinary synchronous calls, and
/// what is told later is told to plain closures made there, which capture the shard they belong to.
/// The queue is entered by the dispatch source of the shard's poller when descriptors are ready, by its timer
/// source, and by async functions that resume here.
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

  /// How often descriptors were found ready, and how many in all.
  package var eventCounts: (polls: Int, events: Int) { poller.counts }

  /// Starts delivering the events of sources; called when the first is made.
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

  /// Runs `task` when the event at hand has been handled, so that what one event causes leaves in one
  /// write. The task registers itself at most once per event.
  package func atEndOfEvent(_ task: any EventEnd) {
    ending.append(task)
    guard !inEvent, ending.count == 1 else { return }
    // An async function resumed here, and no source waits to end its event.
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

/// Work put off to the end of an event: a connection's write, a pipeline's flush.
package protocol EventEnd: AnyObject {
  func eventEnded(on shard: isolated Shard)
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

/// Carries a handler that belongs to a shard's region into a dispatch source.
///
/// `@unchecked Sendable` because dispatch's handlers must be; the handler is called only by sources of
/// the shard's queue, inside `assumeIsolated`, which checks that.
final class Handler: @unchecked Sendable {
  private let body: () -> Void

  init(_ body: @escaping () -> Void) { self.body = body }

  func call(on shard: Shard) {
    shard.assumeIsolated { _ in body() }
  }
}

extension Shard {
  /// Enters the shard from anywhere: `body` runs later, as an event of its own.
  package nonisolated func enter(_ body: @escaping @Sendable (isolated Shard) -> Void) {
    executor.async { self.assumeIsolated { shard in shard.event { body(shard) } } }
  }
}
