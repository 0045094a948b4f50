import BahariFrame

/// The rows of one BatchUpsert, encoded, with the lines that they came from.
struct ImportBatch {
  /// The size in bytes at which a batch is sent, even if it has fewer rows than --batch.
  static let mostBytes = 1_048_576

  private let writer = WireWriter(capacity: 65_536)
  private(set) var rows = BatchLines()
  var byteCount: Int { writer.count }

  /// - Parameters:
  ///   - faults: the errors in the record; a record with errors is not sent.
  ///   - keys: hashes of the row's unique values, which no two batches in flight may share.
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
