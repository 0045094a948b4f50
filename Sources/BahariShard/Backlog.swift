import CEpoll
import Glibc
import Synchronization

/// Counts the work that waits in a shard's queue, so that the queue's thread does not wait for events while there is
/// work for it.
final class Backlog: Sendable {
  /// An eventfd, readable when the thread has to stop waiting.
  let wake: OwnedFileDescriptor
  private let waiting = Atomic<Int>(0)
  private let isLingering = Atomic<Bool>(false)

  init() {
    let raw = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    precondition(raw >= 0, "no eventfd can be made: \(String(cString: strerror(errno)))")
    wake = OwnedFileDescriptor(raw)
  }

  /// To be called when work is put into the queue.
  func add() {
    waiting.add(1, ordering: .sequentiallyConsistent)
    guard isLingering.load(ordering: .sequentiallyConsistent) else { return }
    var one: UInt64 = 1
    write(wake.raw, &one, 8)
  }

  /// To be called when work of the queue begins.
  func remove() { waiting.subtract(1, ordering: .sequentiallyConsistent) }

  var isEmpty: Bool { waiting.load(ordering: .relaxed) == 0 }

  /// Waits by calling `body`, unless there is work; `wake` becomes readable when work comes meanwhile.
  func linger(_ body: () -> Int) -> Int {
    isLingering.store(true, ordering: .sequentiallyConsistent)
    defer { isLingering.store(false, ordering: .sequentiallyConsistent) }
    return waiting.load(ordering: .sequentiallyConsistent) > 0 ? 0 : body()
  }

  /// Makes `wake` unreadable again.
  func awake() {
    var count: UInt64 = 0
    read(wake.raw, &count, 8)
  }
}
