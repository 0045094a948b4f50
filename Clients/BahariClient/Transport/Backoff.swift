/// The delay before reconnecting: 10 ms after the first failure, doubled up to a second. Jitter spreads the clients of a
/// daemon that restarts.
struct Backoff {
  private var failures = 0
  /// The uptime before which not to connect, in nanoseconds.
  private(set) var earliest: UInt64 = 0

  mutating func failed(at now: UInt64) {
    let whole = min(UInt64(10_000_000) << UInt64(min(failures, 7)), 1_000_000_000)
    failures += 1
    earliest = now + UInt64.random(in: whole / 2...whole)
  }

  mutating func succeeded() {
    failures = 0
    earliest = 0
  }
}
