import Synchronization

/// The time at which a client was last connected to its daemon, shared by all connections of the client.
///
/// If the daemon cannot be reached now but was within the last 15 seconds, it is probably restarting, and calls wait
/// for it. Calls do not wait if the daemon was last reached longer ago, or never: then the path is probably wrong.
final class Reachability: Sendable {
  private static let patience: UInt64 = 15_000_000_000
  /// The time at which the daemon was last reached, as uptime in nanoseconds; 0 if it never was.
  private let lastContact = Atomic<UInt64>(0)

  /// Whether the daemon was reached within the last 15 seconds.
  var isRecent: Bool {
    let last = lastContact.load(ordering: .relaxed)
    return last > 0 && Clock.now < last + Reachability.patience
  }

  func noteContact() { lastContact.store(Clock.now, ordering: .relaxed) }
}
