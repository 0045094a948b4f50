/// Writes messages as JSON. Rows have column names; the names in a reply's envelope are in camel case. Whole numbers
/// are JSON numbers, values of numeric columns are strings, and NULL is null.
struct JSONText {
  let schema: Schema
  /// The layout of rows, by the full name of their message type. Of other messages, the fields that are present are
  /// written.
  var layouts: [String: RowLayout] = [:]

  func text(of record: Record) -> String {
    var bytes: [UInt8] = []
    write(record, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  func write(_ record: Record, to bytes: inout [UInt8]) {
    if let layout = layouts[record.type.name] { return writeRow(record, layout, to: &bytes) }
    let isEnvelope = record.type.slot("response_code") != nil
    let isCamelCase = isEnvelope || record.type.name == "bahari.v1.Pagination"
    var isFirst = true
    bytes.append(UInt8(ascii: "{"))
    for (field, value) in zip(record.type.fields, record.values) {
      // Write the `data` of a list without rows as an empty array instead of leaving it out.
      let value = value ?? (isEnvelope && field.isRepeated && field.name == "data" ? .list([]) : nil)
      guard let value else { continue }
      member(isCamelCase ? JSONText.camelCase(field.name) : field.name, value, &isFirst, &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private func writeRow(_ record: Record, _ layout: RowLayout, to bytes: inout [UInt8]) {
    var isFirst = true
    bytes.append(UInt8(ascii: "{"))
    for slot in layout.columns { member(record.type.fields[slot].name, record.values[slot], &isFirst, &bytes) }
    for slot in layout.whenPresent {
      if let value = record.values[slot] { member(record.type.fields[slot].name, value, &isFirst, &bytes) }
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private func member(_ name: String, _ value: FieldValue?, _ isFirst: inout Bool, _ bytes: inout [UInt8]) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    JSONText.string(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    write(value, to: &bytes)
  }

  func write(_ value: FieldValue?, to bytes: inout [UInt8]) {
    switch value {
    case nil: bytes += "null".utf8
    case .integer(let number): bytes += String(number).utf8
    case .unsigned(let number): bytes += String(number).utf8
    case .double(let number): bytes += (number.isFinite ? DoubleText.format(number) : "null").utf8
    case .float(let number): bytes += (number.isFinite ? DoubleText.format(number) : "null").utf8
    case .bool(let bool): bytes += (bool ? "true" : "false").utf8
    case .symbol(let number, nil): bytes += String(number).utf8
    case .text, .bytes, .symbol, .timestamp, .mask:
      JSONText.string(value?.plainText(schema) ?? "", to: &bytes)
    case .record(let record): write(record, to: &bytes)
    case .list(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        write(item, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    }
  }

  /// Writes a JSON string in quotes. Escapes control characters, quotes and backslashes, and nothing else.
  static func string(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0a: bytes += "\\n".utf8
      case 0x0d: bytes += "\\r".utf8
      case 0x09: bytes += "\\t".utf8
      case 0..<0x20, 0x7f: bytes += ("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Converts a name such as `total_pages` to `totalPages`.
  static func camelCase(_ name: String) -> String {
    let parts = name.split(separator: "_")
    return parts.prefix(1).joined() + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
