import BahariFrame
import Testing

@Suite("Wire format") struct WireTests {
  @Test(
    "varints at their edges",
    arguments: [
      (UInt64(0), "00"), (1, "01"), (127, "7f"), (128, "80 01"), (16_383, "ff 7f"), (16_384, "80 80 01"),
      (UInt64(UInt32.max), "ff ff ff ff 0f"), (UInt64(Int64.max), "ff ff ff ff ff ff ff ff 7f"),
      (1 << 63, "80 80 80 80 80 80 80 80 80 01"), (.max, "ff ff ff ff ff ff ff ff ff 01"),
    ])
  func varint(value: UInt64, notation: String) throws {
    let bytes = wire(notation)
    #expect(written { $0.varint(value) } == bytes)
    #expect(WireWriter.size(varint: value) == bytes.count)
    let read = try bytes.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      let read = try reader.varint()
      #expect(reader.atEnd)
      return read
    }
    #expect(read == value)
  }

  @Test("varints of every size") func varintSizes() {
    for shift in 0..<64 {
      for value in [UInt64(1) << shift, (UInt64(1) << shift) - 1] {
        #expect(written { $0.varint(value) }.count == WireWriter.size(varint: value))
      }
    }
  }

  @Test(
    "what is no message is refused with its reason",
    arguments: [
      ("80 80 80 80 80 80 80 80 80 80 01", WireError.malformedVarint), ("80", .truncated),
      ("00", .malformedTag(0)), ("07", .malformedTag(7)), ("0b", .malformedTag(11)), ("0c", .malformedTag(12)),
      ("80 80 80 80 10", .malformedTag(1 << 32)), ("88 80 80 80 80 00 01", .malformedVarint), ("0a 05 61", .truncated),
      ("08", .truncated),
      ("09 01 02 03", .truncated), ("0d 01 02 03", .truncated),
      ("0a ff ff ff ff ff ff ff ff ff 01", .malformedVarint), ("0a ff ff ff ff 0f", .truncated),
    ])
  func malformed(notation: String, error: WireError) {
    #expect(throws: error) {
      try wire(notation).withUnsafeBytes { buffer in
        var reader = WireReader(buffer)
        while try reader.next() != nil {}
      }
    }
  }

  @Test("every wire type comes back, the largest field number too") func everyType() throws {
    let bytes = written { writer in
      writer.field(536_870_911, varint: 300)
      writer.field(2, fixed64: 0x0102_0304_0506_0708)
      writer.field(3, string: "ikan")
      writer.tag(4, .fixed32)
      for byte in wire("78 56 34 12") { writer.append(byte: byte) }
    }
    let fields = try bytes.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      var fields: [String] = []
      while let (number, value) = try reader.next() {
        switch value {
        case .varint(let value): fields.append("\(number) varint \(value)")
        case .fixed64(let value): fields.append("\(number) fixed64 \(value)")
        case .fixed32(let value): fields.append("\(number) fixed32 \(value)")
        case .bytes(let value): fields.append("\(number) bytes \(try String(wire: value))")
        }
      }
      return fields
    }
    #expect(
      fields == [
        "536870911 varint 300", "2 fixed64 72623859790382856", "3 bytes ikan", "4 fixed32 305419896",
      ])
  }

  @Test("nested lengths where their own size changes", arguments: [0, 1, 127, 128, 16_383, 16_384, 2_097_152])
  func nested(length: Int) {
    let body = [UInt8](repeating: 0x61, count: length)
    let expected = written { writer in
      writer.tag(1, .lengthDelimited)
      writer.varint(UInt64(length))
      body.withUnsafeBytes { writer.append($0) }
      writer.field(2, varint: 9)
    }
    let actual = written { writer in
      writer.field(1) { body.withUnsafeBytes { writer.append($0) } }
      writer.field(2, varint: 9)
    }
    #expect(actual == expected)
  }

  @Test("a nested message keeps its body where the storage is nearly full") func nestedAtTheEnd() {
    for prefix in 0..<80 {
      for length in [0, 1, 5, 9, 20, 127, 128, 130] {
        let actual = written { writer in
          for _ in 0..<prefix { writer.append(byte: 0xee) }
          writer.field(1) { for byte in 0..<length { writer.append(byte: UInt8(byte)) } }
        }
        let head = [UInt8](repeating: 0xee, count: prefix) + [0x0a]
        let expected = head + written { $0.varint(UInt64(length)) } + (0..<length).map { UInt8($0) }
        #expect(actual == expected, "behind \(prefix) bytes")
      }
    }
  }

  @Test("messages three deep, each length its own size") func nestedDeep() {
    let inner = [UInt8](repeating: 0x62, count: 126)
    let actual = written { writer in
      writer.field(1) { writer.field(2) { writer.field(3) { inner.withUnsafeBytes { writer.append($0) } } } }
    }
    #expect(actual == wire("0a 83 01  12 80 01  1a 7e") + inner)
  }

  @Test("a text that is not UTF-8 is refused", arguments: ["ff", "c3", "ed a0 80", "c0 80"])
  func invalidText(notation: String) {
    #expect(throws: WireError.invalidUTF8) {
      try wire(notation).withUnsafeBytes { bytes throws(WireError) in try String(wire: bytes) }
    }
  }
}
