/// Statements, phases and times of a migration or an undo, for its report.
package struct MigrationSummary: Codable, Sendable {
  package struct Statement: Codable, Sendable {
    package let phase: Int
    package let sql: String
    package let seconds: Double
  }

  package struct PhaseTime: Codable, Sendable {
    package let number: Int
    package let name: String
    package let seconds: Double
    /// Rows by legacy names, after the phase.
    package let counts: [String: Int64]
  }

  /// A time in which the tables were locked; in seconds since 1970.
  package struct Window: Codable, Sendable {
    package let from: Double
    package let to: Double
  }

  package var statements: [Statement] = []
  package var phases: [PhaseTime] = []
  package var windows: [Window] = []
  /// How long tables were locked in all.
  package var lockedSeconds = 0.0
  package var refusedLocks = 0
  package var committedPhases: [Int] = []
}
