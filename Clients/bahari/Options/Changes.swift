import BahariClient

/// The columns to write, as a row and a mask. Values of `--set` and `--unset` take precedence over the row of a file.
struct Changes {
  private(set) var row: Record
  private(set) var mask: [String] = []
  /// The version that the row must have in the database; nil unless the file has a version.
  private(set) var version: String?
  /// The position of the row in the file, such as `line 3`; empty without a file.
  private(set) var place = ""

  init(_ target: DescribedResource, _ schema: Schema, set: [String], unset: [String], over file: RowFile.Row? = nil)
    throws
  {
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
    guard !mask.contains(name) else { throw Failure(.invalidArgument, "the column \(name) is set twice") }
    mask.append(name)
  }

  /// Sets the id of the row to change, and removes the column `id` from the mask. If `id` is nil, the file must have
  /// it.
  mutating func identify(_ id: Int64?) throws {
    if id != nil, place.isEmpty, mask.contains("id") {
      throw Failure(.invalidArgument, "the id identifies the row to change and cannot be set")
    }
    if let id { row["id"] = .integer(id) }
    mask.removeAll { $0 == "id" }
    guard row["id"] != nil else {
      throw Failure(.invalidArgument, "\(place): the row to change has no id")
    }
    guard !mask.isEmpty else { throw Failure(.invalidArgument, "\(place): there is no column to change") }
  }

  /// Returns the error with the row's position in the file before its message.
  func located(_ error: BahariError) -> BahariError {
    guard !place.isEmpty else { return error }
    var error = error
    error.message = "\(place): \(error.message)"
    return error
  }
}
