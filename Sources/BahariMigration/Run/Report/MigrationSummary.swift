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
    /// The number of rows of each table after the phase, by the tables' legacy names.
    package let counts: [String: Int64]
  }

  /// A period in which the tables were locked, in seconds since 1970.
  package struct Window: Codable, Sendable {
    package let from: Double
    package let to: Double
  }

  package var statements: [Statement] = []
  package var phases: [PhaseTime] = []
  package var windows: [Window] = []
  /// How many seconds the tables were locked in total.
  package var lockedSeconds = 0.0
  package var refusedLocks = 0
  package var committedPhases: [Int] = []
}
