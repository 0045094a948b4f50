import BahariClient

/// Columns to write, as a row and a mask: those that `--set` and `--unset` name, over those of a file's row.
struct Changes {
  private(set) var row: Record
  private(set) var mask: [String] = []
  /// What the row's version has to be, where a file says so.
  private(set) var version: String?
  /// Where in the file it stands; empty without one.
  private(set) var place = ""

  init(_ target: DescribedResource, _ schema: Schema, set: [String], unset: [String], over file: RowFile.Row? = nil) throws {
    row = Record(target.row)
    for text in set {
      let assignment = try Assignment(text, option: "--set")
      let field = try target.field(assignment.column, writable: true)
      do throws(BadValue) {
        row[field.name] = try FieldValue(
          text: assignment.value, for: field, schema: schema, isDecimal: target.isDecimal(field))
      } catch {
        throw Failure(.invalidArgument, "\(target.info.name).\(field.name): \(error.description)")
      }
      try add(field.name)
    }
    for name in unset { try add(target.field(name, writable: true).name) }
    guard let file else { return }
    (version, place) = (file.version, file.place)
    for name in file.mask where !mask.contains(name) {
      row[name] = file.row[name]
      mask.append(name)
    }
  }

  private mutating func add(_ name: String) throws {
    guard !mask.contains(name) else { throw Failure(.invalidArgument, "the column \(name) is given twice") }
    mask.append(name)
  }

  /// Says which row is to change: by an id from outside, or the file's.
  ///
  /// - Returns: the row's id.
  mutating func identify(_ id: Int64?) throws {
    if id != nil, place.isEmpty, mask.contains("id") {
      throw Failure(.invalidArgument, "the id names the row to change and cannot be set")
    }
    if let id { row["id"] = .integer(id) }
    mask.removeAll { $0 == "id" }
    guard row["id"] != nil else {
      throw Failure(.invalidArgument, "\(place): there is no id to say which row is to change")
    }
    guard !mask.isEmpty else { throw Failure(.invalidArgument, "\(place): there is no column to change") }
  }

  /// The error of this row, by its place in the file.
  func located(_ error: BahariError) -> BahariError {
    guard !place.isEmpty else { return error }
    var error = error
    error.message = "\(place): \(error.message)"
    return error
  }
}
