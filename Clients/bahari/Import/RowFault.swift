/// An error or a warning about a row of an input file.
struct RowFault: Equatable {
  var line: Int
  /// Empty if the error concerns the whole row.
  var column: String
  var cause: String

  var text: String { "line \(line): \(column.isEmpty ? "" : column + ": ")\(cause)" }
}

extension RowFault {
  /// The error as a JSON object, for programs.
  var json: String {
    var bytes = Array("{\"line\":\(line),\"column\":".utf8)
    JSONText.string(column, to: &bytes)
    bytes += ",\"description\":".utf8
    JSONText.string(cause, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
    return String(decoding: bytes, as: UTF8.self)
  }
}
