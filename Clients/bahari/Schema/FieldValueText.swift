extension FieldValue {
  /// Parses a value as it is written in CSV files and after `--set`.
  ///
  /// - Parameter isDecimal: whether the column's type is numeric: its text must be a number, although the field is a
  ///   string.
  init(text: String, for field: Field, schema: Schema, isDecimal: Bool = false) throws(BadValue) {
    if field.isRepeated {
      self = .list(try FieldValue.items(text, field, schema))
    } else {
      self = try FieldValue.single(text, field, schema, isDecimal)
    }
  }

  private static func single(
    _ text: String, _ field: Field, _ schema: Schema, _ isDecimal: Bool
  ) throws(BadValue) -> FieldValue {
    switch field.kind {
    case .int32, .sint32, .sfixed32:
      return .integer(Int64(try parsed(Int32(text), text, "a whole number of 32 bits")))
    case .int64, .sint64, .sfixed64:
      return .integer(try parsed(Int64(text), text, "a whole number of 64 bits"))
    case .uint32, .fixed32:
      return .unsigned(UInt64(try parsed(UInt32(text), text, "a whole number from 0 of 32 bits")))
    case .uint64, .fixed64:
      return .unsigned(try parsed(UInt64(text), text, "a whole number from 0 of 64 bits"))
    case .double: return .double(try parsed(finite(text), text, "a number such as 2.5 or 1e-05"))
    case .float: return .float(Float(try parsed(finite(text), text, "a number such as 2.5 or 1e-05")))
    case .bool: return .bool(try parsed(bool(text), text, "true or false"))
    case .string:
      if isDecimal { _ = try parsed(finite(text), text, "a decimal number such as 2.50") }
      return .text(text)
    case .bytes: return .bytes(try parsed(Base64.decode(text), text, "base64"))
    case .enum:
      let names = schema.enums[field.typeName] ?? []
      let symbol = names.first { $0.name == text }
      let choices = "one of " + names.map(\.name).joined(separator: ", ")
      let found = try parsed(symbol, text, choices)
      return .symbol(found.number, found.name)
    case .message where field.isTimestamp:
      let time = try parsed(Timestamp(text), text, "a time such as 2026-01-31T08:00:00Z")
      return .timestamp(seconds: time.seconds, nanoseconds: time.nanoseconds)
    case .message where field.isFieldMask:
      return .mask(text.isEmpty ? [] : text.split(separator: ",").map(String.init))
    case .message, .group:
      throw BadValue(text: text, expected: "a value of this field, which is a message: pass JSON to `bahari call`")
    }
  }

  private static func parsed<T>(_ value: T?, _ text: String, _ expected: String) throws(BadValue) -> T {
    guard let value else { throw BadValue(text: text, expected: expected) }
    return value
  }

  /// Parses decimal notation only: `Double` would also accept hexadecimal, "inf" and "nan".
  private static func finite(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text), number.isFinite
    else { return nil }
    return number
  }

  private static func bool(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "t", "1": true
    case "false", "f", "0": false
    default: nil
    }
  }

  /// Parses a list such as `[1,2]` or `1,2`; the empty text is the empty list.
  private static func items(_ text: String, _ field: Field, _ schema: Schema) throws(BadValue) -> [FieldValue] {
    var inner = Substring(text)
    if inner.first == "[", inner.last == "]", inner.count >= 2 { inner = inner.dropFirst().dropLast() }
    var values: [FieldValue] = []
    for part in inner.split(separator: ",", omittingEmptySubsequences: inner.allSatisfy { $0 == " " }) {
      values.append(try single(part.trimmed, field, schema, false))
    }
    return values
  }

  /// The value as a CSV field or a cell of a table; nil for an empty list, which is the same as NULL.
  func plainText(_ schema: Schema) -> String? {
    switch self {
    case .integer(let number): String(number)
    case .unsigned(let number): String(number)
    case .double(let number): DoubleText.format(number)
    case .float(let number): DoubleText.format(number)
    case .bool(let bool): bool ? "true" : "false"
    case .text(let text): text
    case .bytes(let bytes): Base64.encode(bytes)
    case .symbol(let number, let name): name ?? String(number)
    case .timestamp(let seconds, let nanoseconds):
      Timestamp(seconds: seconds, nanoseconds: nanoseconds).text
    case .mask(let names): names.joined(separator: ",")
    case .record(let record): JSONText(schema: schema).text(of: record)
    case .list(let values):
      values.isEmpty ? nil : "[" + values.map { $0.plainText(schema) ?? "" }.joined(separator: ",") + "]"
    }
  }
}
