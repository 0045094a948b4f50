/// One statement of a phase.
package struct MigrationStatement: Codable, Hashable, Sendable {
  /// The origin of a statement.
  package enum Source: String, Codable, Sendable {
    /// The design's section 5.2.
    case design
    /// The rename of a sequence, key, constraint or index, which the design omits.
    case forgottenName
    /// A key or index of the legacy database that this installation lacks.
    case missing
    /// A view under a table's old name.
    case compatibility
    /// Restores rows or values that an earlier undo kept.
    case kept
    /// Bahari's addition to the design.
    case addition
  }

  package let phase: Int
  package let source: Source
  package let sql: String
  /// The statements that undo it, in this order.
  package var undo: [String] = []
  /// The table that it locks, under its name at that time.
  package let table: String
  /// The name of the object that it creates.
  package var creates: String?
  /// The lock on `table`, as PostgreSQL names it. On a table that the phase creates it blocks no other session.
  package var lock = "ACCESS EXCLUSIVE"
  /// Rows of the table that are read or rewritten; 0 where only the catalog changes.
  package var rows: Int64 = 0

  /// The design's section, for people.
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
