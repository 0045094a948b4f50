import CEpoll
import Glibc
import Synchronization

/// Counts the work that waits in a shard's queue, so that the queue's thread does not wait for events while there is
/// work for it.
final class Backlog: Sendable {
  /// An eventfd that becomes readable when work is added while the queue's thread waits for events.
  let wake: OwnedFileDescriptor
  private let waiting = Atomic<Int>(0)
  private let isLingering = Atomic<Bool>(false)

  init() {
    let raw = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    precondition(raw >= 0, "no eventfd can be made: \(String(cString: strerror(errno)))")
    wake = OwnedFileDescriptor(raw)
  }

  /// Called when work is put into the queue.
  func add() {
    waiting.add(1, ordering: .sequentiallyConsistent)
    guard isLingering.load(ordering: .sequentiallyConsistent) else { return }
    var one: UInt64 = 1
    write(wake.raw, &one, 8)
  }

  /// Called when one piece of the queued work begins to run.
  func remove() { waiting.subtract(1, ordering: .sequentiallyConsistent) }

  var isEmpty: Bool { waiting.load(ordering: .relaxed) == 0 }

  /// Calls `body`, which waits for events, unless the queue has work. Work that is added meanwhile makes `wake`
  /// readable.
  func linger(_ body: () -> Int) -> Int {
    isLingering.store(true, ordering: .sequentiallyConsistent)
    defer { isLingering.store(false, ordering: .sequentiallyConsistent) }
    return waiting.load(ordering: .sequentiallyConsistent) > 0 ? 0 : body()
  }

  /// Resets `wake`, so that it is not readable until work is added again.
  func awake() {
    var count: UInt64 = 0
    read(wake.raw, &count, 8)
  }
}
