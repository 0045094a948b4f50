import BahariFrame
import BahariPostgres

/// Where a list continues after a page: the keys of the page's last row, and the fingerprint of the query. Opaque to
/// callers.
///
/// The text of a token is a protobuf message in hexadecimal: version = 1, fingerprint = 2 (fixed64), and keys = 3,
/// repeated: each key is a message with one field by the key's type, or an empty message for NULL. The message is
/// followed by its checksum, eight bytes in little-endian, so that a truncated or altered token is refused instead of
/// returning a wrong page.
struct PageToken {
  private static let version: UInt64 = 1

  /// A hash of the query's table, order and conditions; a query refuses a token with the fingerprint of another query.
  let fingerprint: UInt64
  let keys: [Value]

  /// Makes the token for the rows after a row. Nil if a key cannot be represented as a `Value`, and so cannot be a
  /// parameter of the next page's statement.
  init?(after row: Int, of rows: Rows, _ order: SortOrder, fingerprint: UInt64) {
    var keys: [Value] = []
    for term in order.terms {
      guard let value = Value(rows, row, term.place, term.column.type) else { return nil }
      keys.append(value)
    }
    self.keys = keys
    self.fingerprint = fingerprint
  }

  // MARK: Text

  var text: String {
    let writer = WireWriter(capacity: 128)
    writer.field(1, varint: PageToken.version)
    writer.field(2, fixed64: fingerprint)
    for key in keys { writer.field(3) { PageToken.write(key, writer) } }
    withUnsafeBytes(of: PageToken.check(writer.bytes).littleEndian) { writer.append($0) }
    return PageToken.hexadecimal(writer.bytes)
  }

  private static func hexadecimal(_ bytes: UnsafeRawBufferPointer) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { digits in
      for (place, byte) in bytes.enumerated() {
        digits[place * 2] = digit(byte >> 4)
        digits[place * 2 + 1] = digit(byte & 15)
      }
      return bytes.count * 2
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private static func write(_ key: Value, _ writer: WireWriter) {
    switch key {
    case .null: break
    case .int32(let value): writer.field(1, varint: UInt64(bitPattern: Int64(value)))
    case .int64(let value), .timestamp(let value): writer.field(1, varint: UInt64(bitPattern: value))
    case .bool(let value): writer.field(1, varint: value ? 1 : 0)
    case .double(let value): writer.field(2, fixed64: value.bitPattern)
    case .text(let bytes): bytes.withUnsafeBytes { writer.field(3, bytes: $0) }
    }
  }

  /// Decodes the text of a token; nil if it is not a token with keys for this order.
  init?(_ text: String, _ order: SortOrder) {
    guard let bytes = PageToken.message(text) else { return nil }
    var versions: [UInt64] = []
    var fingerprint: UInt64?
    var keys: [Value] = []
    let isWhole = bytes.withUnsafeBytes { bytes in
      var reader = WireReader(bytes)
      while let field = try? reader.next() {
        switch (field.number, field.value) {
        case (1, .varint(let value)): versions.append(value)
        case (2, .fixed64(let value)): fingerprint = value
        case (3, .bytes(let inner)):
          guard keys.count < order.terms.count, let key = PageToken.key(inner, order.terms[keys.count].column.type)
          else { return false }
          keys.append(key)
        default: return false
        }
      }
      return reader.atEnd
    }
    guard isWhole, versions == [PageToken.version], keys.count == order.terms.count, let fingerprint else { return nil }
    self.keys = keys
    self.fingerprint = fingerprint
  }

  private static func key(_ bytes: UnsafeRawBufferPointer, _ type: PostgresType) -> Value? {
    guard !bytes.isEmpty else { return .null }
    var reader = WireReader(bytes)
    guard let field = try? reader.next(), reader.atEnd else { return nil }
    switch (type, field.value) {
    case (.int4, .varint(let value)): return Int32(exactly: Int64(bitPattern: value)).map { .int32($0) }
    case (.int8, .varint(let value)): return .int64(Int64(bitPattern: value))
    case (.timestamp, .varint(let value)): return .timestamp(Int64(bitPattern: value))
    case (.bool, .varint(let value)): return .bool(value == 1)
    case (.float8, .fixed64(let value)): return .double(Double(bitPattern: value))
    case (.text, .bytes(let text)), (.varchar, .bytes(let text)), (.numeric, .bytes(let text)),
      (.date, .bytes(let text)):
      return String(validating: text, as: UTF8.self).map { .text(Array($0.utf8)) }
    default: return nil
    }
  }

  private static func check(_ message: some Sequence<UInt8>) -> UInt64 {
    var check = Fingerprint()
    check.combine(message)
    return check.value
  }

  /// The protobuf message in the text of a token; nil if the text is malformed or the checksum does not match.
  private static func message(_ text: String) -> ArraySlice<UInt8>? {
    guard let bytes = PageToken.bytes(text), bytes.count > 8 else { return nil }
    let message = bytes.dropLast(8)
    let check = withUnsafeBytes(of: PageToken.check(message).littleEndian) { Array($0) }
    return Array(bytes.suffix(8)) == check ? message : nil
  }

  private static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.utf8.map { digit -> UInt8? in
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      default: nil
      }
    }
    guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { (digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0) }
  }
}

extension Value {
  /// A column's value in a row of a result, in a form that can be bound in another statement; nil for an xid and for a
  /// value that cannot be decoded.
  init?(_ rows: Rows, _ row: Int, _ place: Int, _ type: PostgresType) {
    guard let bytes = rows.bytes(row, place) else {
      self = .null
      return
    }
    switch type {
    case .int4: self = rows.int32(row, place).map { .int32($0) } ?? .null
    case .int8: self = rows.int64(row, place).map { .int64($0) } ?? .null
    case .timestamp: self = rows.int64(row, place).map { .timestamp($0) } ?? .null
    case .float8: self = rows.int64(row, place).map { .double(Double(bitPattern: UInt64(bitPattern: $0))) } ?? .null
    case .bool: self = .bool(bytes.first == 1)
    case .text, .varchar: self = .text(Array(bytes))
    case .numeric:
      guard let text = BinaryNumeric.text(bytes) ?? BinaryNumeric.special(bytes) else { return nil }
      self = .text(Array(text.utf8))
    case .date:
      guard let days = rows.int32(row, place) else { return nil }
      self = .text(Array((BinaryDate.text(days) ?? BinaryDate.special(days)).utf8))
    case .xid: return nil
    }
  }
}
