import BahariClient

/// What the header of a CSV file says about the rows below it.
struct ImportPlan {
  /// By place in the record; nil is left out.
  let fields: [Field?]
  /// The columns that the import sets.
  let mask: [String]
  /// Columns of the file that the daemon keeps itself.
  let ignored: [String]
  /// Columns that a new row needs and the file has not.
  let missing: [String]
  /// Whether the file has what rows are matched by; else each of them is added.
  let isKeyed: Bool
  /// Names in the file as it has them.
  let header: [String]
  private let target: DescribedResource
  private let schema: Schema

  static let keptByDaemon = ["created_at", "updated_at"]

  /// - Parameter names: columns by the names that the file has for them; empty for what is left out.
  init(header: CSVRecord, target: DescribedResource, schema: Schema, names: [String: String] = [:]) throws {
    self.target = target
    self.schema = schema
    let header = try header.fields.enumerated().map { index, cell in
      guard let name = String(validating: cell.bytes, as: UTF8.self)?.trimmed else {
        throw Failure(.invalidArgument, "the name of column \(index + 1) in the header is not UTF-8")
      }
      return name
    }
    self.header = header
    try Self.check(header, target, names)
    var fields: [Field?] = []
    var seen: Set<String> = []
    for given in header {
      let name = names[given] ?? given
      guard !name.isEmpty else {
        fields.append(nil)
        continue
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
    missing = target.info.columns.filter {
      $0.hasNullable && !$0.nullable && !$0.hasDefaultValue && !seen.contains($0.name)
    }.map(\.name)
    isKeyed = seen.contains(target.info.naturalKey.isEmpty ? "id" : target.info.naturalKey)
  }

  /// Tells of all names that are none, at once.
  private static func check(_ header: [String], _ target: DescribedResource, _ names: [String: String]) throws {
    if let name = names.keys.sorted().first(where: { !header.contains($0) }) {
      throw Failure(
        .invalidArgument, "--map \(name)=…: the file has no column \(name); it has: \(header.joined(separator: ", "))")
    }
    let unknown = header.filter { name in
      let column = names[name] ?? name
      return !column.isEmpty && target.row.field(column) == nil
    }
    guard let first = unknown.first else { return }
    let free = target.columnNames.filter { !header.contains($0) }
    throw Failure(
      .invalidArgument,
      "\(target.info.name) has no \(unknown.count == 1 ? "column" : "columns") \(unknown.joined(separator: ", ")): say "
        + "which column it is with --map \(first)=COLUMN, or leave it out with --map \(first)=; columns that the file "
        + "does not name: \(free.joined(separator: ", "))")
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
        row[field.name] = try FieldValue(text: text, for: field, schema: schema, isDecimal: target.isDecimal(field))
      } catch {
        faults.append(RowFault(line: record.line, column: field.name, cause: error.description))
      }
    }
    return (row, faults)
  }
}
