/// A small random number generator with a seed, so that tests are repeatable.
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
