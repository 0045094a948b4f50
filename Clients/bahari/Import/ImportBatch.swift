import BahariFrame

/// How far into the file something is.
struct ImportPlace: Equatable {
  /// Bytes from the start, at the end of a record.
  var offset = 0
  /// The line of that record.
  var line = 0
  /// FNV-1a over the bytes before `offset`.
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    offset += bytes.count
  }
}

/// Rows that go to the daemon together, and the lines that they came from.
struct ImportBatch {
  static let mostBytes = 1_048_576

  private let writer = WireWriter(capacity: 65_536)
  private(set) var rows = BatchLines()
  var byteCount: Int { writer.count }

  /// - Parameters:
  ///   - faults: what is wrong with the record, which is then not sent.
  ///   - keys: what no other batch may write at the same time.
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

  /// The request: the rows, then the fields of `rest`.
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

/// Where the rows of a batch came from.
struct BatchLines {
  /// Of the rows that are sent, in their order.
  var lines: [Int] = []
  /// The same rows as the file has them, where they are kept to be told.
  var records: [CSVRecord] = []
  /// Rows that were found bad before sending.
  var bad: [(record: CSVRecord, faults: [RowFault])] = []
  var first = 0
  var end = ImportPlace()
  var keys: Set<Int> = []

  var count: Int { lines.count + bad.count }
  var isEmpty: Bool { count == 0 }

  /// A fault that the daemon names by a path such as `data[12].name`, by the line it stands on; nil where
  /// the path is not about a row.
  func fault(path: String, cause: String) -> RowFault? {
    guard path.hasPrefix("data["), let end = path.firstIndex(of: "]"),
      let index = Int(path.dropFirst(5)[..<end]), lines.indices.contains(index)
    else { return nil }
    return RowFault(line: lines[index], column: String(path[end...].dropFirst(2)), cause: cause)
  }
}
