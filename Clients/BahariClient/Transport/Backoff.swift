/// The delay before a client connects again: at most 10 ms after the first failure, doubled with each further failure
/// up to one second. Up to half of the delay is taken off at random, so that not all clients connect to a restarted
/// daemon at the same time.
struct Backoff {
  private var failures = 0
  /// The time before which the client must not connect, as uptime in nanoseconds; 0 after a success.
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
