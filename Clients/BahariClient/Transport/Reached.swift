import Synchronization

/// Whether any link of a client has ever been connected. A daemon that was there is worth waiting for; one that
/// never was is more likely at another place.
final class Reached: Sendable {
  private let flag = Atomic<Bool>(false)

  var isTrue: Bool { flag.load(ordering: .relaxed) }

  func note() { flag.store(true, ordering: .relaxed) }
}
