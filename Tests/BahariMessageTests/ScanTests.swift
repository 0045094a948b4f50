import BahariFrame
import Testing

@testable import BahariMessage

@Suite("Scan") struct ScanTests {
  /// filter.not.not… so that the innermost message is at `depth`, the request itself being 1.
  private func nested(_ depth: Int) -> [UInt8] {
    var inner = written { $0.field(1, string: "id") }
    for level in 0..<(depth - 2) {
      let body = inner
      inner = written { writer in body.withUnsafeBytes { writer.field(level == depth ? 5 : 6, bytes: $0) } }
    }
    return written { writer in inner.withUnsafeBytes { writer.field(5, bytes: $0) } }
  }

  @Test("messages nest as deep as the limit and no deeper") func depth() throws {
    let list = try Types.list()
    var limits = ScanLimits()
    for depth in 2...20 {
      limits.depth = depth
      #expect(refusal(nested(depth), as: list, limits: limits) == nil, "\(depth) of \(depth)")
      let fault = try #require(refusal(nested(depth + 1), as: list, limits: limits))
      #expect(fault.text.contains("deeper than \(depth)"))
      #expect(fault.path == (["filter"] + Array(repeating: "not", count: depth - 1)).joined(separator: "."))
    }
    #expect(refusal(nested(16), as: list) == nil)
    #expect(refusal(nested(17), as: list) != nil)
    // Deep enough to overflow the stack if the recursion had no limit.
    #expect(refusal(nested(3_000), as: list) != nil)
  }

  @Test("a value of another wire type is refused with its path") func wireTypes() throws {
    let create = try Types.create()
    func row(_ body: (WireWriter) -> Void) -> [UInt8] { written { writer in writer.field(1) { body(writer) } } }
    let faults: [([UInt8], String)] = [
      (row { $0.field(1, string: "1") }, "data.id"), (row { $0.field(1, fixed64: 1) }, "data.id"),
      (row { $0.field(3, varint: 1) }, "data.name"), (row { $0.field(3, fixed64: 1) }, "data.name"),
      (row { $0.field(5, varint: 1) }, "data.latitude"), (row { $0.field(5, string: "1.5") }, "data.latitude"),
      (written { $0.field(1, varint: 1) }, "data"), (written { $0.field(1, fixed64: 1) }, "data"),
      (written { $0.field(3, fixed64: 1) }, "dry_run"), (written { $0.field(2, varint: 1) }, "request_id"),
      ([0x1d, 1, 0, 0, 0], "dry_run"),
    ]
    for (bytes, path) in faults {
      let fault = try #require(refusal(bytes, as: create), "\(path)")
      #expect(fault.path == path)
      #expect(fault.text.contains("wire type"))
    }
  }

  @Test("texts without NUL and in UTF-8 are read, others refused by name") func texts() throws {
    let create = try Types.create()
    func row(_ name: [UInt8]) -> [UInt8] {
      written { writer in writer.field(1) { name.withUnsafeBytes { writer.field(3, bytes: $0) } } }
    }
    for name in ["", "Desa", "Jalan Éé", "漁業", "🐟🐠", "a\u{7f}"] {
      #expect(refusal(row(Array(name.utf8)), as: create) == nil, "\(name)")
    }
    for name in [[0], [0x41, 0, 0x42], [0x41, 0]] as [[UInt8]] {
      let fault = try #require(refusal(row(name), as: create))
      #expect(fault.path == "data.name")
      #expect(fault.text.contains("NUL"))
    }
    // Invalid UTF-8: a byte that starts no character, two truncated ones, an overlong slash, a surrogate, and a code
    // point beyond Unicode.
    let broken: [[UInt8]] = [
      [0xff], [0x41, 0xc3], [0xe6, 0xbc], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
    ]
    for name in broken {
      let fault = try #require(refusal(row(name), as: create))
      #expect(fault.path == "data.name")
      #expect(fault.text.contains("UTF-8"))
    }
  }

  /// A request with a value of every wire type, nested and repeated.
  static let sample = written { writer in
    writer.field(1) {
      writer.field(1, varint: 1_101_010_001)
      writer.field(3, string: "Keude Bakongan")
      writer.field(5, fixed64: (2.9312).bitPattern)
    }
    writer.field(1) { writer.field(1, varint: 300) }
    writer.field(2) { writer.field(1, string: "name") }
    writer.field(3, varint: 1)
    writer.field(4, string: "request")
  }

  @Test("a message cut at any byte is read only when cut between two fields") func truncation() throws {
    let batch = try Types.batch()
    var ends: Set<Int> = [0]
    try Self.sample.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      while try reader.next() != nil { ends.insert(reader.offset) }
    }
    #expect(ends.count == 6)
    for length in 0...Self.sample.count {
      let isRead = (try? read(Self.sample.prefix(length), as: batch)) != nil
      #expect(isRead == ends.contains(length), "cut at \(length)")
    }
    // The last field of a nested message is truncated, although the nested message's length is right.
    let inner = written { $0.field(3, string: "Keude") }
    for length in 1..<inner.count {
      let bytes = written { writer in inner.prefix(length).withUnsafeBytes { writer.field(1, bytes: .init($0)) } }
      #expect(refusal(bytes, as: batch)?.path == "data", "cut at \(length)")
    }
  }

  @Test("fields and elements are counted against the budget, nested and unknown ones too") func budget() throws {
    let (batch, list) = (try Types.batch(), try Types.list())
    var limits = ScanLimits()
    limits.elements = 10
    // Five rows of one field each: ten.
    func rows(_ count: Int) -> [UInt8] {
      written { writer in for _ in 0..<count { writer.field(1) { writer.field(1, varint: 1) } } }
    }
    #expect(refusal(rows(5), as: batch, limits: limits) == nil)
    #expect(try #require(refusal(rows(6), as: batch, limits: limits)).text.contains("more than 10"))
    let sorts = written { writer in for _ in 0..<11 { writer.field(6, string: "") } }
    #expect(refusal(sorts, as: list, limits: limits) != nil)
    let unknown = written { writer in for _ in 0..<11 { writer.field(777, varint: 1) } }
    #expect(refusal(unknown, as: list, limits: limits) != nil)
    // Each element takes only two bytes: without a limit a frame could cause millions of allocations.
    let bomb = written { writer in for _ in 0..<200_001 { writer.field(6, string: "") } }
    #expect(refusal(bomb, as: list) != nil)
  }

  @Test("the path of the first unknown field is kept, and the message is read") func unknown() throws {
    let batch = try Types.batch()
    let known = try read(Self.sample, as: batch)
    #expect(known.unknownField == nil)
    let nested = written { writer in
      writer.field(1) { writer.field(1, varint: 1) }
      writer.field(1) { writer.field(39, string: "?") }
      writer.field(77, varint: 1)
    }
    let message = try read(nested, as: batch)
    #expect(message.unknownField == "data.39")
    let data = try #require(batch.field("data"))
    #expect(message.messages(data).map(\.unknownField) == ["data.39", "data.39"])
    for bytes in [
      written { $0.field(77, varint: 1) }, written { $0.field(77, fixed64: 1) }, written { $0.field(77, string: "\0") },
      [0xed, 0x04, 1, 0, 0, 0],
    ] {
      #expect(try read(bytes, as: batch).unknownField == "77")
    }
    #expect(try read(written { $0.field(536_870_911, varint: 1) }, as: batch).unknownField == "536870911")
  }

  @Test("groups, field 0 and varints without an end are refused") func malformed() throws {
    let batch = try Types.batch()
    let broken: [[UInt8]] = [
      [0x0b], [0x0c], [0x0e, 1], [0x0f], [0x00, 1], [0x02, 0], [0x18] + Array(repeating: 0xff, count: 10) + [1],
      [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x0a, 5, 1],
    ]
    for bytes in broken { #expect(refusal(bytes, as: batch) != nil, "\(bytes)") }
  }
}
