import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres

/// A result column of a query and the field of the row message for it: a column of the table, the version, or a joined
/// name.
struct Output: Sendable {
  let name: String
  let number: UInt32
  let type: PostgresType
  /// Whether PostgreSQL stores a text that replies return as a list of ids.
  let holdsIDs: Bool

  init(name: String, number: UInt32, type: PostgresType, holdsIDs: Bool = false) {
    (self.name, self.number, self.type, self.holdsIDs) = (name, number, type, holdsIDs)
  }

  init(_ column: Column) {
    self.init(name: column.name, number: column.field.number, type: column.type, holdsIDs: column.holdsIDs)
  }
}

/// The outputs and the FROM clause of a query that reads a table's rows.
struct Selection: Sendable {
  let outputs: [Output]
  /// The outputs as SQL, such as "t.id, t.name, …, t.xmin".
  let list: String
  /// The FROM clause with its joins, such as "public.mst_desa AS t".
  let source: String
  /// Whether the outputs include joined names.
  let joins: Bool
}
