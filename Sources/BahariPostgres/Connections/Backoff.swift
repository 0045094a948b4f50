/// The pause before the next attempt at something that failed, such as connecting to PostgreSQL. It doubles from 50 ms
/// to 500 ms, ±25 % at random, so that attempts that failed together are not repeated at the same moment. The limit is
/// low because a failed attempt costs little, and callers wait or are refused until an attempt succeeds.
package struct Backoff {
  private var nanoseconds: UInt64 = 0
  private var random: SplitMix

  package init(seed: UInt64) { random = SplitMix(state: seed) }

  /// The length of the next pause in nanoseconds.
  package mutating func next() -> UInt64 {
    nanoseconds = min(max(nanoseconds * 2, 50_000_000), 500_000_000)
    return random.jittered(nanoseconds, percent: 25)
  }

  mutating func reset() { nanoseconds = 0 }

  /// A connection that ends sooner than this, in nanoseconds, counts as a failed attempt; otherwise a server that ends
  /// each connection at once would get a new one without any pause.
  static let shortLife: UInt64 = 100_000_000

  /// The pause after the end of a connection that lived for `life` nanoseconds: zero unless that life was short.
  mutating func next(after life: UInt64) -> UInt64 {
    guard life >= Backoff.shortLife else { return next() }
    reset()
    return 0
  }
}
