import BahariFrame

/// What is wrong with a row of a file.
struct RowFault: Equatable {
  var line: Int
  /// Empty where the whole row is at fault.
  var column: String
  var cause: String

  var text: String { "line \(line): \(column.isEmpty ? "" : column + ": ")\(cause)" }
}

/// What the header of a CSV file says about the rows below it.
struct ImportPlan {
  /// By place in the record; nil is left out.
  let fields: [Field?]
  /// The columns that the import sets.
  let mask: [String]
  /// Columns of the file that the daemon keeps itself.
  let ignored: [String]
  private let target: Target
  private let schema: Schema

  private static let keptByDaemon = ["created_at", "updated_at"]

  init(header: CSVRecord, target: Target, schema: Schema) throws {
    self.target = target
    self.schema = schema
    var fields: [Field?] = []
    var seen: Set<String> = []
    for (index, cell) in header.fields.enumerated() {
      guard let name = String(validating: cell.bytes, as: UTF8.self)?.trimmed else {
        throw Failure(.invalidArgument, "the name of column \(index + 1) in the header is not UTF-8")
      }
      let field = try target.field(name, writable: true)
      guard seen.insert(name).inserted else {
        throw Failure(.invalidArgument, "the column \(name) stands twice in the header")
      }
      fields.append(Self.keptByDaemon.contains(name) ? nil : field)
    }
    self.fields = fields
    ignored = Self.keptByDaemon.filter(seen.contains)
    mask = fields.compactMap { $0?.name }.filter { $0 != "id" }
  }

  /// Reads one record. What is wrong with it comes back, all of it, instead of a row.
  func row(_ record: CSVRecord) -> (row: Record, faults: [RowFault]) {
    var row = Record(target.row)
    guard record.fields.count == fields.count else {
      let cause = "has \(record.fields.count) fields, the header has \(fields.count)"
      return (row, [RowFault(line: record.line, column: "", cause: cause)])
    }
    var faults: [RowFault] = []
    for (field, cell) in zip(fields, record.fields) {
      // NULL, or the column's default where it takes no NULL: either way the field stays away.
      guard let field, !cell.bytes.isEmpty || cell.isQuoted else { continue }
      guard let text = String(validating: cell.bytes, as: UTF8.self), !cell.bytes.contains(0) else {
        faults.append(RowFault(line: record.line, column: field.name, cause: "is not UTF-8 text without NUL bytes"))
        continue
      }
      do throws(BadValue) {
        row[field.name] = try Value(text: text, for: field, schema: schema, isDecimal: target.isDecimal(field))
      } catch {
        faults.append(RowFault(line: record.line, column: field.name, cause: error.description))
      }
    }
    return (row, faults)
  }
}

/// Rows that go to the daemon together, and the lines that they came from.
struct ImportBatch {
  static let mostBytes = 1_048_576

  private let writer = WireWriter(capacity: 65_536)
  private(set) var lines: [Int] = []
  /// Rows that were found bad before sending.
  private(set) var faults: [RowFault] = []
  private(set) var badRows = 0
  private(set) var firstLine = 0
  private(set) var lastLine = 0

  var rowCount: Int { lines.count + badRows }
  var byteCount: Int { writer.count }
  var isEmpty: Bool { rowCount == 0 }

  mutating func add(_ row: Record, faults: [RowFault], line: Int, as field: Field) throws {
    if isEmpty { firstLine = line }
    lastLine = line
    if faults.isEmpty {
      lines.append(line)
      try writer.encode(.record(row), as: field)
    } else {
      self.faults += faults
      badRows += 1
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
    lines = []
    faults = []
    badRows = 0
  }

  /// A fault that the daemon names by a path such as `data[12].name`, by the line it stands on; nil where
  /// the path is not about a row.
  func fault(path: String, cause: String) -> RowFault? {
    guard path.hasPrefix("data["), let end = path.firstIndex(of: "]"),
      let index = Int(path.dropFirst(5)[..<end]), lines.indices.contains(index)
    else { return nil }
    return RowFault(line: lines[index], column: String(path[end...].dropFirst(2)), cause: cause)
  }
}
