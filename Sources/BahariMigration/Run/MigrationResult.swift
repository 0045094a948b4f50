/// The result of a migration.
package struct MigrationResult: Codable, Sendable {
  package struct PhaseResult: Codable, Sendable {
    package let phase: Phase
    package let statements: Int
    /// Rows by legacy names, counted before and found equal after.
    package let counts: [String: Int64]
    package let seconds: Double
  }

  package let mode: Migrator.Mode
  package internal(set) var phases: [PhaseResult] = []
  /// Fingerprints of the old columns, by legacy names: `before` under the first lock, `after` at the end of the last
  /// transaction, where they were equal to those at its beginning.
  package private(set) var before: [String: Fingerprint] = [:]
  package private(set) var after: [String: Fingerprint] = [:]
  /// Keys and indexes that this installation lacked.
  package let made: [ExpectedObject]
  /// Tables that an undo had kept and that were restored.
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
