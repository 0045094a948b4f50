import BahariFrame

/// The rows of one BatchUpsert, encoded, with the lines that they came from.
struct ImportBatch {
  /// A batch is sent once it has this many bytes.
  static let mostBytes = 1_048_576

  private let writer = WireWriter(capacity: 65_536)
  private(set) var rows = BatchLines()
  var byteCount: Int { writer.count }

  /// - Parameters:
  ///   - faults: the errors of the record; with any, it is not sent.
  ///   - keys: hashes of the unique values, which no other batch in flight may have.
  mutating func add(
    _ row: Record, _ faults: [RowFault], _ record: CSVRecord, as field: Field, keys: [Int], end: ImportPlace,
    keepsRecords: Bool
  ) throws {
    if rows.isEmpty { rows.first = record.line }
    rows.end = end
    if faults.isEmpty {
      rows.lines.append(record.line)
      if keepsRecords { rows.records.append(record) }
      rows.keys.formUnion(keys)
      try writer.encode(.record(row), as: field)
    } else {
      rows.bad.append((record, faults))
    }
  }

  /// Returns the encoded request: the rows, then the fields of `rest`.
  func payload(with rest: Record) throws -> [UInt8] {
    let before = writer.count
    try writer.encode(rest)
    defer { writer.truncate(to: before) }
    return Array(writer.bytes)
  }

  mutating func removeAll() {
    writer.removeAll()
    rows = BatchLines()
  }
}
