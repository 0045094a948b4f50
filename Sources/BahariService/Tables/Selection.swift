import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres

/// A value that a query brings and a row message takes: a column, the version, or a joined name.
struct Output: Sendable {
  let name: String
  let number: UInt32
  let type: PostgresType
  /// A text that is served as a list of ids.
  let holdsIDs: Bool

  init(name: String, number: UInt32, type: PostgresType, holdsIDs: Bool = false) {
    (self.name, self.number, self.type, self.holdsIDs) = (name, number, type, holdsIDs)
  }

  init(_ column: Column) {
    self.init(name: column.name, number: column.field.number, type: column.type, holdsIDs: column.holdsIDs)
  }
}

/// A way to select a table's rows: what comes, and from where.
struct Selection: Sendable {
  let outputs: [Output]
  /// "t.id, t.name, …, t.xmin"
  let list: String
  /// "public.mst_desa AS t", with its joins
  let source: String
  /// Whether joined names come along.
  let joins: Bool
}
