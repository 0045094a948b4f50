import Synchronization

/// When a daemon was last reached, for all links of a client.
///
/// Calls wait for a daemon that was reached a moment ago: it is probably restarting. They do not wait for one that was
/// never reached, whose path is probably wrong, or that has been away for long.
final class Reachability: Sendable {
  private static let patience: UInt64 = 15_000_000_000
  /// Uptime in nanoseconds; 0 for never.
  private let lastContact = Atomic<UInt64>(0)

  /// Whether the daemon was reached within the last 15 seconds.
  var isRecent: Bool {
    let last = lastContact.load(ordering: .relaxed)
    return last > 0 && Clock.now < last + Reachability.patience
  }

  func noteContact() { lastContact.store(Clock.now, ordering: .relaxed) }
}
