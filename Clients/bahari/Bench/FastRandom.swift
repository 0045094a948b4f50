/// A random number generator (xorshift) that is fast enough not to influence a measurement. Not for secrets.
struct FastRandom {
  private var state = UInt64.random(in: 1...UInt64.max)

  /// Returns a number from 0 to `bound` - 1.
  mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int((state &* 0x2545_f491_4f6c_dd1d).multipliedFullWidth(by: UInt64(bound)).high)
  }
}
