import CEpoll
import Glibc
import Synchronization

/// Counts the work that waits in a shard's queue, so that the queue's thread does not wait for events while
/// somebody waits for the thread.
final class Backlog: Sendable {
  /// Readable when the thread is to stop waiting; an eventfd.
  let wake: Descriptor
  private let waiting = Atomic<Int>(0)
  private let isLingering = Atomic<Bool>(false)

  init() {
    let raw = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    precondition(raw >= 0, "no eventfd can be made: \(String(cString: strerror(errno)))")
    wake = Descriptor(raw)
  }

  /// Work was put into the queue.
  func add() {
    waiting.add(1, ordering: .sequentiallyConsistent)
    guard isLingering.load(ordering: .sequentiallyConsistent) else { return }
    var one: UInt64 = 1
    write(wake.raw, &one, 8)
  }

  /// Work of the queue begins.
  func remove() { waiting.subtract(1, ordering: .sequentiallyConsistent) }

  var isEmpty: Bool { waiting.load(ordering: .relaxed) == 0 }

  /// Waits by `body`, unless there is work; work that comes meanwhile ends the wait.
  func linger(_ body: () -> Int) -> Int {
    isLingering.store(true, ordering: .sequentiallyConsistent)
    defer { isLingering.store(false, ordering: .sequentiallyConsistent) }
    return waiting.load(ordering: .sequentiallyConsistent) > 0 ? 0 : body()
  }

  /// Takes the wake-up back.
  func awake() {
    var count: UInt64 = 0
    read(wake.raw, &count, 8)
  }
}
