import CEpoll
import Glibc

/// All descriptors of a shard in one epoll set. Dispatch watches only the descriptor of the set itself.
///
/// With one dispatch source per descriptor, every event would cost two thread switches and half a dozen system calls
/// between dispatch's manager thread and the queue's thread. With the poller this is paid only when the shard wakes up.
/// The queue's thread then polls for events itself, and returns to dispatch when none came for `lingerMilliseconds` or
/// when the queue has other work.
final class Poller {
  /// The handler of one source, and whether it is to be called for events.
  final class Interest {
    enum State {
      /// Events are not delivered. Next: `active`, `cancelled`.
      case suspended
      /// Events are delivered. Next: `suspended`, `cancelled`.
      case active
      /// Events are not delivered any more. The last state.
      case cancelled
    }

    let handler: () -> Void
    var state = State.suspended
    var isActive: Bool { state == .active }

    init(_ handler: @escaping () -> Void) { self.handler = handler }
  }

  private struct Entry {
    var reader: Interest?
    var writer: Interest?
    /// The events of the descriptor that epoll watches; 0 if the descriptor is not in the epoll set.
    var watched: UInt32 = 0
  }

  /// The most events that one poll returns.
  private static let batch = 256
  /// How often the queue's thread polls for the next event before it waits for one; it yields the core to other threads
  /// before each poll. Waking a thread takes longer than most answers of PostgreSQL: with this, 8 callers completed a
  /// third more calls.
  private static let spins = 50
  /// How long the queue's thread waits for the next event before it goes back to dispatch.
  private static let lingerMilliseconds: Int32 = 1

  let descriptor: OwnedFileDescriptor
  /// The number of polls that found events, and the number of events found.
  private(set) var counts: (polls: Int, events: Int) = (0, 0)
  private var entries: [Int32: Entry] = [:]
  private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Poller.batch)

  init() {
    let raw = epoll_create1(Int32(EPOLL_CLOEXEC))
    precondition(raw >= 0, "no epoll descriptor can be made: \(String(cString: strerror(errno)))")
    descriptor = OwnedFileDescriptor(raw)
  }

  deinit { events.deallocate() }

  // MARK: Sources

  func add(_ interest: Interest, _ kind: Source.Kind, in number: Int32) {
    switch kind {
    case .reading: entries[number, default: Entry()].reader = interest
    case .writing: entries[number, default: Entry()].writer = interest
    }
  }

  func remove(_ interest: Interest, _ number: Int32) {
    if entries[number]?.reader === interest { entries[number]?.reader = nil }
    if entries[number]?.writer === interest { entries[number]?.writer = nil }
    update(number)
    if let entry = entries[number], entry.reader == nil, entry.writer == nil { entries[number] = nil }
  }

  /// Tells epoll which events of a descriptor to watch. A descriptor without an active source is removed from the epoll
  /// set, because epoll would report a hang-up of the descriptor over and over.
  func update(_ number: Int32) {
    guard let entry = entries[number] else { return }
    var wanted: UInt32 = 0
    if entry.reader?.isActive ?? false { wanted |= EPOLLIN.rawValue | EPOLLRDHUP.rawValue }
    if entry.writer?.isActive ?? false { wanted |= EPOLLOUT.rawValue }
    guard wanted != entry.watched else { return }
    let operation = wanted == 0 ? EPOLL_CTL_DEL : entry.watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
    var event = epoll_event(events: wanted, data: epoll_data(fd: number))
    epoll_ctl(descriptor.raw, operation, number, &event)
    entries[number]?.watched = wanted
  }

  // MARK: Events

  /// Delivers the events of ready descriptors, each batch as one event of the shard, until no descriptor is ready or
  /// the queue has other work.
  func poll(on shard: isolated Shard) {
    var count = wait(0)
    while count > 0 {
      counts.polls += 1
      counts.events += count
      shard.event {
        for index in 0..<count { deliver(events[index]) }
        shard.fireDueTimers()
      }
      // Nothing is missed: the descriptors stay ready, and dispatch calls this function again after the queue's other
      // work.
      guard shard.backlog.isEmpty else { return }
      count = wait(0)
      for _ in 0..<Poller.spins where count == 0 {
        sched_yield()
        count = wait(0)
      }
      if count == 0 { count = shard.backlog.linger { wait(Poller.lingerMilliseconds) } }
    }
  }

  private func wait(_ milliseconds: Int32) -> Int {
    Int(epoll_wait(descriptor.raw, events, Int32(Poller.batch), milliseconds))
  }

  private func deliver(_ event: epoll_event) {
    let ended = EPOLLHUP.rawValue | EPOLLERR.rawValue
    let number = event.data.fd
    if event.events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | ended) != 0,
      let reader = entries[number]?.reader, reader.isActive
    {
      reader.handler()
    }
    // The writer is looked up only now, because the reader's handler may have cancelled it.
    if event.events & (EPOLLOUT.rawValue | ended) != 0, let writer = entries[number]?.writer, writer.isActive {
      writer.handler()
    }
  }
}
