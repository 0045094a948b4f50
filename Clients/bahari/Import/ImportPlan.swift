import BahariClient

/// How the header of a CSV file maps its fields to columns.
struct ImportPlan {
  /// The column for each field of a record, by position; nil for a field that is not imported.
  let fields: [Field?]
  /// The columns that the import writes, without `id`: the update mask of each batch.
  let mask: [String]
  /// Columns of the file that are not imported because the daemon sets them.
  let ignored: [String]
  /// Mandatory columns that the file does not have.
  let missing: [String]
  /// Whether the file has the resource's natural key. Without it every record is added as a new row.
  let isKeyed: Bool
  /// The names in the header.
  let header: [String]
  private let target: DescribedResource
  private let schema: Schema

  /// - Parameter names: from --map: the column for a name in the header. An empty column means that the field is not
  ///   imported.
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
        throw Failure(.invalidArgument, "the header has the column \(name) twice")
      }
      fields.append(DescribedResource.setByDaemon.contains(name) ? nil : field)
    }
    self.fields = fields
    ignored = DescribedResource.setByDaemon.filter(seen.contains)
    mask = fields.compactMap { $0?.name }.filter { $0 != "id" }
    missing = target.info.columns.filter {
      $0.hasNullable && !$0.nullable && !$0.hasDefaultValue && !seen.contains($0.name)
    }.map(\.name)
    isKeyed = seen.contains(target.info.naturalKey.isEmpty ? "id" : target.info.naturalKey)
  }

  /// Throws if the header lacks a name in `names`, or has names that are not columns; the error lists all of those.
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
      "\(target.info.name) has no \(unknown.count == 1 ? "column" : "columns") \(unknown.joined(separator: ", ")): map "
        + "it with --map \(first)=COLUMN, or leave it out with --map \(first)=; columns that the file does not "
        + "have: \(free.joined(separator: ", "))")
  }

  /// Converts a record to a row, and returns all errors in the record. If there are errors, the row is incomplete.
  func row(_ record: CSVRecord) -> (row: Record, faults: [RowFault]) {
    var row = Record(target.row)
    guard record.fields.count == fields.count else {
      let cause = "has \(record.fields.count) fields, the header has \(fields.count)"
      return (row, [RowFault(line: record.line, column: "", cause: cause)])
    }
    var faults: [RowFault] = []
    for (field, cell) in zip(fields, record.fields) {
      // An empty field without quotes is left out of the message: NULL, or the default if the column allows no NULL.
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
