/// The result of a migration.
package struct MigrationResult: Codable, Sendable {
  package struct PhaseResult: Codable, Sendable {
    package let phase: Phase
    package let statements: Int
    /// The number of rows of each table, by legacy names: equal before and after the phase.
    package let counts: [String: Int64]
    package let seconds: Double
  }

  package let mode: Migrator.Mode
  package internal(set) var phases: [PhaseResult] = []
  /// Fingerprints of the tables' old columns, by legacy names: `before` at the start of the first transaction, `after`
  /// at the end of the last one. No transaction changes them, but clients may write between two transactions.
  package private(set) var before: [String: Fingerprint] = [:]
  package private(set) var after: [String: Fingerprint] = [:]
  /// The keys and indexes that this installation lacked and the migration created.
  package let made: [ExpectedObject]
  /// The tables with rows or values that an earlier undo kept and this migration restored.
  package let restored: [String]
  package let warnings: [String]

  init(plan: Plan, mode: Migrator.Mode) {
    self.mode = mode
    let phases = plan.phases.map(\.phase.number)
    made = plan.inspection.missing.filter { object in
      Rename.tables.contains { $0.old == object.table && phases.contains($0.phase) }
    }
    restored = Set(plan.statements.filter { $0.source == .kept }.map(\.table)).sorted()
    warnings = plan.inspection.warnings
  }

  mutating func note(_ before: Snapshot, _ after: Snapshot) {
    if self.before.isEmpty { self.before = before.fingerprints }
    self.after = after.fingerprints
  }
}
