import Synchronization

/// When a daemon was last there, for all links of a client. One that went away a moment ago is worth waiting for; one
/// that never was is more likely at another place, and one that is away for long is not coming back by itself.
final class Reached: Sendable {
  private static let patience: UInt64 = 15_000_000_000
  /// Nanoseconds; 0 for never.
  private let last = Atomic<UInt64>(0)

  var isWorthWaiting: Bool {
    let last = last.load(ordering: .relaxed)
    return last > 0 && Clock.now < last + Reached.patience
  }

  func note() { last.store(Clock.now, ordering: .relaxed) }
}
