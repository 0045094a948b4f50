/// The definition of a table. It does not include the columns, which the .proto files define, or the constraints, which
/// PostgreSQL has.
///
/// To add a table, add its messages and service in Proto, a literal in the folder Tables that is listed in
/// `Catalog.tables`, and a schema version in BahariMigration. The daemon compares these three when it starts.
package struct Table: Sendable {
  /// The table's name in PostgreSQL's schema public.
  package let name: String
  /// The short name of the table's row message, such as Desa. The service's name is derived from it: DesaService.
  package let entity: String
  /// The HTTP path of the table's endpoints in the old service; nil if it is `resource` with hyphens instead of
  /// underscores.
  package var oldPath: String?
  /// The columns and joined names in which a list's `search` looks for the text.
  package var search: [String] = []
  /// The columns by which lists are sorted by default; "-" before a name means descending. The id is always added as
  /// the last column.
  package var order: [String] = []
  /// The unique column by which BatchUpsert finds the row to update.
  package var naturalKey = "id"
  /// Limits on single columns' values that PostgreSQL's constraints do not check.
  package var rules: [ColumnRule] = []
  /// The columns that hold a row's coordinates, for lists of rows around a point or in a box; nil if the table has
  /// none.
  package var position: Position?
  /// Columns of other tables that replies include; they cannot be written.
  package var joined: [Joined] = []
  /// Whether List, Get and Export return the joined names; if false, only ListWithRelations does.
  package var joinsByDefault = true
  /// Rules for whole rows. A write that violates one is refused.
  package var invariants: [Invariant] = []
  /// Columns that the server computes unless the caller sets them.
  package var derived: [Derived] = []
  /// Descriptions of usual values. Other values are accepted with a warning.
  package var hints: [Hint] = []

  /// All rules for single columns: `rules`, and those that limit the columns in `position` to valid degrees.
  package var allRules: [ColumnRule] { rules + (position?.rules ?? []) }

  /// The full name of the table's row message.
  package var message: String { "bahari.v1.\(entity)" }
  /// The full name of the table's service.
  package var service: String { "bahari.v1.\(entity)Service" }

  /// The table's name on the command line, which is `name` without its prefix mst_ or trx_.
  package var resource: String { String(name.dropFirst(4)) }

  /// The HTTP path of the table's endpoints in the old service.
  package var endpoint: String { oldPath ?? "/" + resource.replacing("_", with: "-") }
}
