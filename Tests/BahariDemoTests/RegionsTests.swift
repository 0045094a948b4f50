import TestSupport
import Testing

@testable import BahariDemo

/// The made-up country: the same for the same seed, and whole.
@Suite("Demo regions", .offPool) struct RegionsTests {
  private static let regions = Regions(seed: 1)

  private var levels: [[Region]] {
    let regions = RegionsTests.regions
    return [regions.provinces, regions.regencies, regions.districts, regions.villages]
  }

  /// FNV-1a over all fields of all rows.
  private func checksum(_ regions: BahariDemo.Regions) -> UInt64 {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ text: some StringProtocol) {
      for byte in text.utf8 { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
      sum = (sum ^ 0xff) &* 0x100_0000_01b3
    }
    for region in regions.provinces + regions.regencies + regions.districts + regions.villages {
      add("\(region.id)")
      add("\(region.parent ?? 0)")
      add(region.name)
      add(region.alternative ?? "-")
      add("\(region.latitude.bitPattern)")
      add("\(region.longitude.bitPattern)")
    }
    return sum
  }

  @Test("a seed gives the same rows in every run, and another seed others") func seeds() {
    let first = RegionsTests.regions
    #expect(Regions(seed: 1) == first)
    // Another process, another day: a change of the generator changes this number, and nothing else does.
    #expect(checksum(first) == 8_690_734_014_661_447_790)
    let second = Regions(seed: 2)
    #expect(second.provinces == first.provinces)
    #expect(second.villages.count == first.villages.count)
    #expect(checksum(second) != checksum(first))
  }

  @Test("there are as many as in the real country") func counts() {
    #expect(levels.map(\.count) == [34, 514, 7_266, 83_467])
  }

  @Test("ids are unique, of the right length, and begin with the parent's, which exists") func ids() {
    #expect(levels[0].allSatisfy { (11...94).contains($0.id) && $0.parent == nil })
    for (level, (digits, divisor)) in [(1, (4, 100)), (2, (6, 100)), (3, (10, 10_000))] {
      let parents = Set(levels[level - 1].map(\.id))
      #expect(levels[level].allSatisfy { String($0.id).count == digits })
      #expect(levels[level].allSatisfy { $0.id / Int64(divisor) == $0.parent })
      #expect(Set(levels[level].compactMap(\.parent)) == parents)
    }
    for level in levels {
      #expect(Set(level.map(\.id)).count == level.count)
      #expect(level.map(\.id) == level.map(\.id).sorted())
    }
  }

  @Test("names are text that a column takes, and siblings differ") func names() {
    for level in levels {
      #expect(
        level.allSatisfy { region in
          (2...60).contains(region.name.utf8.count) && region.name.unicodeScalars.allSatisfy { $0.value >= 0x20 }
            && !region.name.hasPrefix(" ") && !region.name.hasSuffix(" ")
            && String(validating: Array(region.name.utf8), as: UTF8.self) == region.name
        })
      #expect(Set(level.map { "\($0.parent ?? 0) \($0.name)" }).count == level.count)
    }
    // Names that are hard on programs occur.
    #expect(levels[3].contains { $0.name.contains("'") })
    #expect(levels[3].contains { $0.name.utf8.count > $0.name.count })
  }

  @Test("each lies in Indonesia, near its parent") func places() {
    for (level, reach) in [(1, 1.8), (2, 0.25), (3, 0.04)] {
      let parents = Dictionary(uniqueKeysWithValues: levels[level - 1].map { ($0.id, $0) })
      #expect(
        levels[level].allSatisfy { region in
          guard let parent = region.parent.flatMap({ parents[$0] }) else { return false }
          return abs(region.latitude - parent.latitude) < reach + 1e-6
            && abs(region.longitude - parent.longitude) < reach + 1e-6
        })
    }
    for level in levels {
      #expect(
        level.allSatisfy { Region.latitudes.contains($0.latitude) && Region.longitudes.contains($0.longitude) })
    }
  }
}
