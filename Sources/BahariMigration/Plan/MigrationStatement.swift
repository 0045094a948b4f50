/// One statement of a phase.
package struct MigrationStatement: Codable, Hashable, Sendable {
  /// Where a statement comes from.
  package enum Source: String, Codable, Sendable {
    /// The design's section 5.2.
    case design
    /// A name that the design forgets: a sequence, key, constraint or index of a renamed table.
    case forgottenName
    /// A key or index of the legacy database that this installation lacks.
    case missing
    /// A view under a table's old name.
    case compatibility
    /// What an earlier undo kept.
    case kept
    /// Bahari's own.
    case addition
  }

  package let phase: Int
  package let source: Source
  package let sql: String
  /// What takes it back, in this order.
  package var undo: [String] = []
  /// The table that it locks, by its name at that time.
  package let table: String
  /// The name of what it makes.
  package var creates: String?
  /// The lock on `table`, as PostgreSQL names it; on a table that the phase makes it disturbs nobody.
  package var lock = "ACCESS EXCLUSIVE"
  /// Rows of the table that are read or rewritten; 0 where only the catalog changes.
  package var rows: Int64 = 0

  /// The design's section, for people.
  package var section: String {
    switch source {
    case .design: "5.2, phase \(phase)"
    case .forgottenName: "names that 5.2, phase \(phase) forgets"
    case .missing: "4.2: this installation lacks it"
    case .compatibility: "compatibility: the old name"
    case .kept: "kept by an undo"
    case .addition: "addition"
    }
  }
}
