import BahariFrame
import Testing

@testable import BahariMessage

@Suite("Arena") struct ArenaTests {
  @Test("allocations are aligned, do not overlap, and end at the cap") func cap() throws {
    let arena = Arena(expected: 1, cap: 4_096)
    var spans: [Range<UInt>] = []
    var size = 1
    while let start = arena.allocate(size) {
      #expect(UInt(bitPattern: start) % 16 == 0)
      start.initializeMemory(as: UInt8.self, repeating: 0xaa, count: size)
      let span = UInt(bitPattern: start)..<UInt(bitPattern: start) + UInt(size)
      #expect(!spans.contains { $0.overlaps(span) })
      spans.append(span)
      size += 7
    }
    let total = spans.map(\.count).reduce(0, +)
    #expect(total > 1_024 && total <= 4_096)
    #expect(arena.allocate(4_097) == nil)
    #expect(arena.allocate(.max) == nil)
    #expect(arena.allocate(-1) == nil)
  }

  @Test("the whole cap can be allocated in one piece, and no more") func whole() {
    #expect(Arena(expected: 0, cap: 4_096).allocate(4_096) != nil)
    #expect(Arena(expected: 0, cap: 4_096).allocate(4_097) == nil)
    let arena = Arena(expected: 4_096, cap: 4_096)
    for _ in 0..<256 { #expect(arena.allocate(16) != nil) }
    #expect(arena.allocate(16) == nil)
  }

  @Test("a message that takes more than its cap is refused, not cut") func unpack() throws {
    let list = try Types.list()
    let bytes = written { writer in for _ in 0..<1_000 { writer.field(6, string: "name") } }
    let sort = try #require(list.field("sort"))
    #expect(try read(bytes, as: list).count(sort) == 1_000)
    #expect(throws: MessageError.tooLarge(limit: 8_192)) { _ = try read(bytes, as: list, cap: 8_192) }
    #expect(throws: MessageError.tooLarge(limit: 16)) { _ = try read([], as: list, cap: 16) }
  }
}
