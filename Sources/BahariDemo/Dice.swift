/// A generator of random numbers (SplitMix64). A seed gives the same numbers in every version of Swift, which Swift's
/// standard library does not guarantee for its own random functions.
struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Returns a random number from 0 to `count` - 1.
  mutating func below(_ count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }

  mutating func within(_ range: Range<Int>) -> Int { range.lowerBound + below(range.count) }

  mutating func isTrue(percent: Int) -> Bool { below(100) < percent }

  mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }

  /// Returns a random number from `-limit` to `limit`, a multiple of a ten-millionth.
  mutating func offset(_ limit: Double) -> Double {
    let steps = Int(limit * 10_000_000)
    return Double(below(2 * steps + 1) - steps) / 10_000_000
  }

  /// Divides `total` at random into `count` numbers, each of which is at least `least`.
  mutating func deal(_ total: Int, to count: Int, least: Int) -> [Int] {
    var shares = [Int](repeating: least, count: count)
    for _ in 0..<max(total - least * count, 0) { shares[below(count)] += 1 }
    return shares
  }
}
