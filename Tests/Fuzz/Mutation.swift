import TestSupport

/// Changes inputs at random: the same changes for the same seed.
struct Mutation {
  private let seeds: [[UInt8]]
  private let words: [[UInt8]]
  private let longest: Int
  private var random: Seeded

  init(of target: FuzzTarget, _ seeds: [[UInt8]], seed: UInt64) {
    self.seeds = seeds
    words = target.words.map { Array($0.utf8) }
    longest = target.longest
    random = Seeded(seed)
  }

  /// A seed with one to four changes.
  mutating func next() -> [UInt8] {
    var bytes = one(of: seeds)
    for _ in 0..<below(4) + 1 { change(&bytes) }
    return Array(bytes.prefix(longest))
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let place = below(bytes.count + 1)
    switch below(7) {
    case 0 where place < bytes.count: bytes[place] = UInt8(below(256))
    case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
    case 2: bytes.insert(UInt8(below(256)), at: place)
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(4)))
    case 4: bytes.insert(contentsOf: words.isEmpty ? random.bytes(3) : one(of: words), at: place)
    case 5:
      let part = bytes[place..<min(bytes.count, place + below(16))]
      bytes.insert(contentsOf: part, at: below(bytes.count + 1))
    default:
      let other = one(of: seeds)
      bytes = Array(bytes.prefix(place)) + other.dropFirst(below(other.count + 1))
    }
  }

  private mutating func one(of list: [[UInt8]]) -> [UInt8] { list[below(list.count)] }

  private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
}
