/// Writes CSV with LF line ends, and with quotes only where they are needed.
struct CSVWriter {
  /// Writes one record; nil is NULL. `nullable` states for each field whether '' must be distinguished from NULL.
  static func write(_ fields: [String?], nullable: [Bool], to bytes: inout [UInt8]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if let field { write(field.utf8, isNullable: nullable[index], to: &bytes) }
    }
    bytes.append(0x0a)
  }

  /// Writes one field that is not NULL.
  static func write(_ field: some Collection<UInt8>, isNullable: Bool, to bytes: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    guard !field.isEmpty else {
      if isNullable { bytes += [quote, quote] }
      return
    }
    guard field.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0a || $0 == 0x0d }) else {
      bytes.append(contentsOf: field)
      return
    }
    bytes.append(quote)
    for byte in field {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}
