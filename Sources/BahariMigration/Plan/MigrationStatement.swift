/// One SQL statement of a phase of the migration.
package struct MigrationStatement: Codable, Hashable, Sendable {
  /// The origin of a statement.
  package enum Source: String, Codable, Sendable {
    /// A statement of the design's section 5.2.
    case design
    /// The rename of a sequence, key, constraint or index, which the design omits.
    case forgottenName
    /// Creates a key or index that the legacy schema has and this installation lacks.
    case missing
    /// Creates a view under a table's old name, or sets the view's owner or grants.
    case compatibility
    /// Restores rows or values that an earlier undo kept.
    case kept
    /// A statement that Bahari adds to those of the design.
    case addition
  }

  package let phase: Int
  package let source: Source
  package let sql: String
  /// The statements that undo this one, in the order in which they run.
  package var undo: [String] = []
  /// The table that the statement locks, by the table's name when the statement runs.
  package let table: String
  /// The name of the table, view, constraint or index that the statement creates.
  package var creates: String?
  /// The lock on `table`, as PostgreSQL names it. On a table that the phase creates it blocks no other session.
  package var lock = "ACCESS EXCLUSIVE"
  /// The number of rows of `table` that the statement reads or rewrites; 0 if only the catalog changes.
  package var rows: Int64 = 0

  /// The part of the design that the statement comes from, as text for people.
  package var section: String {
    switch source {
    case .design: "5.2, phase \(phase)"
    case .forgottenName: "names that 5.2, phase \(phase) omits"
    case .missing: "4.2: this installation lacks it"
    case .compatibility: "compatibility: the old name"
    case .kept: "kept by an undo"
    case .addition: "addition"
    }
  }
}
