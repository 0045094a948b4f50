/// How long to wait before the next attempt to connect: doubling from 50 ms to 500 ms, ±25 %, so that many
/// do not come back at once. Not longer: a failed attempt costs little, and until one succeeds all calls are refused.
struct Backoff {
  private var nanoseconds: UInt64 = 0
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed) }

  mutating func next() -> UInt64 {
    nanoseconds = min(max(nanoseconds * 2, 50_000_000), 500_000_000)
    return random.jittered(nanoseconds, percent: 25)
  }

  mutating func reset() { nanoseconds = 0 }

  /// A connection that ends sooner counts as a failed attempt, so that a server that ends each one at once is not
  /// kept busy.
  static let shortLife: UInt64 = 100_000_000

  /// How long to wait after the end of a connection that lived for `life` nanoseconds: only after a short life.
  mutating func next(after life: UInt64) -> UInt64 {
    guard life >= Backoff.shortLife else { return next() }
    reset()
    return 0
  }
}
