import CEpoll
import Glibc

/// The descriptors of a shard in one epoll set, which is itself the one descriptor that dispatch watches.
///
/// A dispatch source per descriptor costs every event two thread switches and half a dozen system calls
/// between dispatch's manager and the queue's thread. Here they are paid once, when the shard wakes up: from
/// then on the queue's thread takes events itself, and gives way to dispatch when it has waited in vain for
/// `lingerMilliseconds`, or when the queue has other work.
final class Poller {
  /// What one source wants to hear of its descriptor.
  final class Interest {
    let handler: () -> Void
    var isActive = false

    init(_ handler: @escaping () -> Void) { self.handler = handler }
  }

  private struct Entry {
    var reader: Interest?
    var writer: Interest?
    /// What epoll watches for at present; 0 for a descriptor that is not in the set.
    var watched: UInt32 = 0
  }

  /// Events taken at a time.
  private static let batch = 256
  /// How often it asks for the next event before it waits, giving way each time to whoever wants the core.
  /// Waking a thread costs more than what most answers take: with this, 8 callers got a third more.
  private static let spins = 50
  /// How long the queue's thread waits for the next event before it goes back to dispatch.
  private static let lingerMilliseconds: Int32 = 1

  let descriptor: Descriptor
  /// How often it found something, and how much in all.
  private(set) var counts: (polls: Int, events: Int) = (0, 0)
  private var entries: [Int32: Entry] = [:]
  private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Poller.batch)

  init() {
    let raw = epoll_create1(Int32(EPOLL_CLOEXEC))
    precondition(raw >= 0, "no epoll descriptor can be made: \(String(cString: strerror(errno)))")
    descriptor = Descriptor(raw)
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

  /// Tells epoll what is wanted of a descriptor now. One that nobody watches is taken out, since a hang-up
  /// would be reported without end.
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

  /// Delivers what is ready, each batch as one event of the shard, until there is nothing or other work.
  func poll(on shard: isolated Shard) {
    var count = wait(0)
    while count > 0 {
      counts.polls += 1
      counts.events += count
      shard.event {
        for index in 0..<count { deliver(events[index]) }
        shard.fireDueTimers()
      }
      // What is ready stays ready: dispatch calls again once the queue's other work is done.
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
    // Looked up again: the reader may have cancelled both.
    if event.events & (EPOLLOUT.rawValue | ended) != 0, let writer = entries[number]?.writer, writer.isActive {
      writer.handler()
    }
  }
}
