/// What is wrong with a row of a file.
struct RowFault: Equatable {
  var line: Int
  /// Empty where the whole row is at fault.
  var column: String
  var cause: String

  var text: String { "line \(line): \(column.isEmpty ? "" : column + ": ")\(cause)" }
}

extension RowFault {
  /// For programs.
  var json: String {
    var bytes = Array("{\"line\":\(line),\"column\":".utf8)
    JSONText.string(column, to: &bytes)
    bytes += ",\"description\":".utf8
    JSONText.string(cause, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
    return String(decoding: bytes, as: UTF8.self)
  }
}
