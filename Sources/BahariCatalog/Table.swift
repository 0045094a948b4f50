/// What a table is beyond its shape (which the .proto has) and its constraints (which PostgreSQL has).
///
/// To add a table: its messages and service in Proto, a literal in this module named in `Catalog.tables`, a
/// schema version in BahariMigration. The three are compared when the daemon starts.
package struct Table: Sendable {
  /// In schema public.
  package let name: String
  /// The row message's short name, from which the service has its own: Desa, DesaService.
  package let entity: String
  /// The path of its old HTTP endpoints, where that is not the resource's name with hyphens.
  package var oldPath: String?
  /// What `search` looks in: columns, and joined names.
  package var search: [String] = []
  /// The default order, descending with "-"; id is always added.
  package var order: [String] = []
  /// The unique column that BatchUpsert matches rows by.
  package var naturalKey = "id"
  /// Limits on values that PostgreSQL does not know.
  package var rules: [ColumnRule] = []
  /// Where the rows are, which lists around a point and in a box go by.
  package var position: Position?
  /// Names taken from other tables, output only.
  package var joined: [Joined] = []
  /// Whether List, Get and Export bring the joined names, or only ListWithRelations.
  package var joinsByDefault = true
  /// What must hold of a row, or the write is refused.
  package var invariants: [Invariant] = []
  /// Columns that are computed where the caller leaves them out.
  package var derived: [Derived] = []
  /// What is told as a warning and refused by nobody.
  package var hints: [Hint] = []

  /// `rules`, and the ranges of the position's columns.
  package var allRules: [ColumnRule] { rules + (position?.rules ?? []) }

  package var message: String { "bahari.v1.\(entity)" }
  package var service: String { "bahari.v1.\(entity)Service" }

  /// What the CLI calls it: the table's name without its prefix.
  package var resource: String { String(name.dropFirst(4)) }

  /// Where the old service had it.
  package var endpoint: String { oldPath ?? "/" + resource.replacing("_", with: "-") }
}

/// Two columns that say where a row is, in degrees.
package struct Position: Sendable {
  package let latitude: String
  package let longitude: String

  package init(_ latitude: String, _ longitude: String) {
    self.latitude = latitude
    self.longitude = longitude
  }

  var rules: [ColumnRule] { [.latitude(latitude), .longitude(longitude)] }
}

/// A limit on one column's values.
package enum ColumnRule: Sendable {
  /// Inclusive.
  case between(String, Double, Double)

  package static func atLeast(_ low: Double, _ columns: String...) -> [ColumnRule] {
    columns.map { .between($0, low, .infinity) }
  }

  package static func latitude(_ column: String) -> ColumnRule { .between(column, -90, 90) }
  package static func longitude(_ column: String) -> ColumnRule { .between(column, -180, 180) }

  package var column: String {
    switch self {
    case .between(let column, _, _): column
    }
  }
}

/// A column of another table, reached by following foreign keys.
package struct Joined: Sendable {
  /// The field of the row message.
  package let field: String
  /// Referring columns, the first in the table itself, each next one in the table the one before refers to.
  package let path: [String]
  /// The column of the last table.
  package let column: String

  package init(_ field: String, through path: [String], _ column: String) {
    self.field = field
    self.path = path
    self.column = column
  }
}
