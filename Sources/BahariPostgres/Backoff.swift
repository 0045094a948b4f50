/// How long to wait before the next attempt to connect: doubling from 50 ms to 500 ms, ±25 %, so that many
/// do not come back at once. Not longer: an attempt in vain costs next to nothing, and until there is one that
/// succeeds every call is refused.
struct Backoff {
  private var nanoseconds: UInt64 = 0
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed) }

  mutating func next() -> UInt64 {
    nanoseconds = min(max(nanoseconds * 2, 50_000_000), 500_000_000)
    return random.jittered(nanoseconds, percent: 25)
  }

  mutating func reset() { nanoseconds = 0 }

  /// A connection that ends sooner has hardly been one: a server that ends each at once is not to be kept busy.
  static let shortLife: UInt64 = 100_000_000

  /// How long to wait after the end of a connection that lived so long: not at all, but after a short life.
  mutating func next(after life: UInt64) -> UInt64 {
    guard life >= Backoff.shortLife else { return next() }
    reset()
    return 0
  }
}

/// A small seeded generator, so that tests repeat.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func jittered(_ value: UInt64, percent: UInt64) -> UInt64 {
    let spread = value / 100 * percent
    return value - spread + (spread == 0 ? 0 : UInt64.random(in: 0...2 * spread, using: &self))
  }
}
