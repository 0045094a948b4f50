/// The definition of a table, without its columns (which the .proto files define) and its constraints (which PostgreSQL
/// has).
///
/// To add a table: its messages and service in Proto, a literal in the folder Tables that is listed in
/// `Catalog.tables`, and a schema version in BahariMigration. The daemon compares the three when it starts.
package struct Table: Sendable {
  /// The table's name in schema public.
  package let name: String
  /// The short name of the row message, such as Desa; the service's name is derived from it: DesaService.
  package let entity: String
  /// The path of the old service's endpoints; nil if it is the resource's name with hyphens.
  package var oldPath: String?
  /// The columns and joined names that a list's `search` compares.
  package var search: [String] = []
  /// The default order of lists; "-" before a name means descending. The id is always added as the last.
  package var order: [String] = []
  /// The unique column by which BatchUpsert finds the row to update.
  package var naturalKey = "id"
  /// Limits on columns' values that are no constraints in PostgreSQL.
  package var rules: [ColumnRule] = []
  /// The columns with a row's coordinates, for lists around a point and in a box; nil if it has none.
  package var position: Position?
  /// Columns of other tables that replies include; they cannot be written.
  package var joined: [Joined] = []
  /// Whether List, Get and Export return the joined names; if false, only ListWithRelations does.
  package var joinsByDefault = true
  /// Rules for rows; a write that breaks one is refused.
  package var invariants: [Invariant] = []
  /// Columns that the server computes if the caller does not give them.
  package var derived: [Derived] = []
  /// Descriptions of usual values; other values are accepted with a warning.
  package var hints: [Hint] = []

  /// `rules` and the limits of the position's columns.
  package var allRules: [ColumnRule] { rules + (position?.rules ?? []) }

  /// The full name of the row message.
  package var message: String { "bahari.v1.\(entity)" }
  /// The full name of the service.
  package var service: String { "bahari.v1.\(entity)Service" }

  /// The table's name on the command line: without its prefix mst_ or trx_.
  package var resource: String { String(name.dropFirst(4)) }

  /// The path of the table's endpoints in the old service.
  package var endpoint: String { oldPath ?? "/" + resource.replacing("_", with: "-") }
}
