import BahariClient

/// The rows of a file for `create --file` and `update --file`: CSV with a header, a JSON object or array, or JSON
/// lines. The output of `get -o json` is accepted as it is, with its envelope, version and joined names.
///
/// The file is read into memory and may have at most 16 MiB; `bahari import` takes CSV files of any size.
struct RowFile {
  struct Row {
    var row: Record
    /// The columns that the file sets; if one of them has no value in `row`, it is set to NULL.
    var mask: [String]
    var version: String?
    /// The position of the row in the file: `line 3` in CSV, `row 2` in JSON.
    var place: String
  }

  static let mostBytes = 16 * 1_048_576
  private let target: DescribedResource
  private let schema: Schema
  private(set) var rows: [Row] = []

  /// - Parameter path: the path of the file; `-` is standard input.
  init(_ path: String, _ target: DescribedResource, _ schema: Schema) throws {
    self.target = target
    self.schema = schema
    let bytes = try InputFile(path).all(atMost: RowFile.mostBytes)
    let ending = path.split(separator: ".").last?.lowercased() ?? ""
    let first = bytes.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
    let looksLikeJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    if ["json", "jsonl", "ndjson"].contains(ending) || (ending != "csv" && looksLikeJSON) {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Failure(.invalidArgument, "\(path) is not UTF-8")
      }
      try json(JSONParser.sequence(text))
    } else {
      try csv(bytes)
    }
    guard !rows.isEmpty else { throw Failure(.invalidArgument, "\(path) has no rows") }
  }

  // MARK: JSON

  private mutating func json(_ values: [JSON]) throws {
    for value in values {
      switch value {
      case .array(let items): try items.forEach { try json($0) }
      case .object(let members):
        // An object with `responseCode` is the envelope of a reply; its `data` has the row or the rows.
        if members.contains(where: { $0.name == "responseCode" }),
          let data = members.first(where: { $0.name == "data" })
        {
          try json([data.value])
        } else {
          try json(value)
        }
      default: try json(value)
      }
    }
  }

  private mutating func json(_ value: JSON) throws {
    var row = Row(row: Record(target.row), mask: [], place: "row \(rows.count + 1)")
    guard case .object(let members) = value else {
      throw Failure(.invalidArgument, "\(row.place) must be a JSON object whose members are columns")
    }
    var kept: [JSON.Member] = []
    for member in members {
      let field = try field(member.name)
      if field.number == RowNumbers.version {
        if case .string(let version) = member.value { row.version = version }
      } else if field.number < RowNumbers.version, !DescribedResource.setByDaemon.contains(field.name) {
        row.mask.append(field.name)
        kept.append(JSON.Member(name: field.name, value: decimal(member.value, field)))
      }
    }
    row.row = try RecordFromJSON(schema: schema).record(target.row, .object(kept), at: row.place)
    rows.append(row)
  }

  private func field(_ name: String) throws -> Field {
    if let field = target.row.fields.first(where: { JSONText.camelCase($0.name) == name }) { return field }
    return try target.field(name)
  }

  /// Converts a JSON number for a numeric column to a string, since such values are strings in messages.
  private func decimal(_ value: JSON, _ field: Field) -> JSON {
    guard case .number(let digits) = value, target.isDecimal(field) else { return value }
    return .string(digits)
  }

  // MARK: CSV

  private mutating func csv(_ bytes: [UInt8]) throws {
    var parser = CSVParser()
    var records: [CSVRecord] = []
    try bytes.withUnsafeBytes { raw in
      var offset = 0
      while let record = try parser.next(in: raw, at: &offset) { records.append(record) }
    }
    if let last = try parser.finish() { records.append(last) }
    guard let header = records.first else { return }
    // The version is a condition for the update and not a column to write.
    let version = header.fields.firstIndex { $0.bytes == Array("version".utf8) }
    let plan = try ImportPlan(
      header: header, target: target, schema: schema, names: version == nil ? [:] : ["version": ""])
    let names = plan.fields.compactMap { $0?.name }
    for record in records.dropFirst() where !record.isBlank {
      let (row, errors) = plan.row(record)
      guard errors.isEmpty else {
        throw Failure(.invalidArgument, errors.map(\.text).joined(separator: "; "))
      }
      rows.append(
        Row(
          row: row, mask: names, version: version.flatMap { record.text($0) }, place: "line \(record.line)"))
    }
  }
}

extension CSVRecord {
  /// Returns the text of the field at this position; nil if the field is empty.
  fileprivate func text(_ place: Int) -> String? {
    fields[place].bytes.isEmpty ? nil : String(decoding: fields[place].bytes, as: UTF8.self)
  }
}
