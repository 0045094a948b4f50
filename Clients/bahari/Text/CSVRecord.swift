/// One record of a CSV file.
struct CSVRecord: Equatable {
  struct Field: Equatable {
    var bytes: [UInt8]
    /// Whether the field is in quotes. An empty field in quotes is the empty text; without quotes it is NULL.
    var isQuoted: Bool
  }
  var fields: [Field]
  /// The line on which the record starts, from 1.
  var line: Int

  var isBlank: Bool { fields.count == 1 && fields[0].bytes.isEmpty && !fields[0].isQuoted }
}
