import BahariFrame

extension WireWriter {
  /// Writes the fields of a message, in the order of their numbers.
  func encode(_ record: Record) throws {
    for (field, value) in zip(record.type.fields, record.values) {
      if let value { try encode(value, as: field) }
    }
  }

  /// Writes one field. The value's case must fit the field's kind; the parsers of text and JSON ensure that.
  func encode(_ value: FieldValue, as field: Field) throws {
    let number = field.number
    switch (field.kind, value) {
    case (_, .list(let values)):
      for value in values { try encode(value, as: field) }
    case (.sint32, .integer(let integer)), (.sint64, .integer(let integer)):
      self.field(number, varint: UInt64(bitPattern: integer << 1 ^ integer >> 63))
    case (.sfixed64, .integer(let integer)): self.field(number, fixed64: UInt64(bitPattern: integer))
    case (.sfixed32, .integer(let integer)): fixed32(number, UInt32(truncatingIfNeeded: integer))
    case (.fixed64, .unsigned(let integer)): self.field(number, fixed64: integer)
    case (.fixed32, .unsigned(let integer)): fixed32(number, UInt32(truncatingIfNeeded: integer))
    case (_, .integer(let integer)): self.field(number, varint: UInt64(bitPattern: integer))
    case (_, .unsigned(let integer)): self.field(number, varint: integer)
    case (_, .double(let double)): self.field(number, fixed64: double.bitPattern)
    case (_, .float(let float)): fixed32(number, float.bitPattern)
    case (_, .bool(let bool)): self.field(number, varint: bool ? 1 : 0)
    case (_, .text(let text)): self.field(number, string: text)
    case (_, .bytes(let bytes)): bytes.withUnsafeBytes { self.field(number, bytes: $0) }
    case (_, .symbol(let symbol, _)): self.field(number, varint: UInt64(bitPattern: Int64(symbol)))
    case (_, .timestamp(let seconds, let nanoseconds)):
      self.field(number) {
        if seconds != 0 { self.field(1, varint: UInt64(bitPattern: seconds)) }
        if nanoseconds != 0 { self.field(2, varint: UInt64(bitPattern: Int64(nanoseconds))) }
      }
    case (_, .mask(let names)):
      self.field(number) {
        for name in names { self.field(1, string: name) }
      }
    case (_, .record(let record)): try self.field(number) { try encode(record) }
    }
  }

  private func fixed32(_ number: UInt32, _ value: UInt32) {
    tag(number, .fixed32)
    for shift in [UInt32(0), 8, 16, 24] { append(byte: UInt8(truncatingIfNeeded: value >> shift)) }
  }
}

extension Record {
  func encoded() throws -> [UInt8] {
    let writer = WireWriter()
    try writer.encode(self)
    return Array(writer.bytes)
  }
}
