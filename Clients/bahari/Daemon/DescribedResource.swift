import BahariClient

/// A resource with its row message and the description of its columns.
struct DescribedResource: Sendable {
  let info: Bahari_V1_Resource
  let row: MessageType
  private let columns: [String: Bahari_V1_Column]
  /// Columns that the daemon sets on every write.
  static let setByDaemon = ["created_at", "updated_at"]

  init(info: Bahari_V1_Resource, row: MessageType) {
    self.info = info
    self.row = row
    columns = Dictionary(info.columns.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The description of a column; nil for the version and joined names.
  func column(_ name: String) -> Bahari_V1_Column? { columns[name] }

  /// Whether output must distinguish NULL from '': false only if the column is known to have no NULL.
  func isNullable(_ field: Field) -> Bool { columns[field.name].map { !$0.hasNullable || $0.nullable } ?? true }

  func isDecimal(_ field: Field) -> Bool { columns[field.name]?.type.hasPrefix("numeric") ?? false }

  func isRightAligned(_ field: Field) -> Bool { (field.isNumber && !field.isRepeated) || isDecimal(field) }

  /// The names of the table's columns, without the version and joined names.
  var columnNames: [String] { row.fields.filter { $0.number < RowNumbers.version }.map(\.name) }

  /// Returns the field with this name, or throws an error that lists all columns. If `writable`, refuses the version
  /// and joined names.
  func field(_ name: String, writable: Bool = false) throws -> Field {
    guard let field = row.field(name) else {
      throw Failure(
        .invalidArgument, "\(info.name) has no column \(name); its columns are: \(columnNames.joined(separator: ", "))")
    }
    guard !writable || field.number < RowNumbers.version else {
      throw Failure(.invalidArgument, "\(info.name).\(name) cannot be written: the daemon sets it")
    }
    return field
  }
}
