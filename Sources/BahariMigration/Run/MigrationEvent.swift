/// Progress of a migration or an undo, reported while it runs.
package enum MigrationEvent: Sendable {
  case lockRefused(attempt: Int, of: Int, blockers: [Blocker])
  case locked(tables: [String], attempt: Int)
  /// A check begins, which may take long on large tables. The text names it.
  case checking(String)
  case phaseBegan(Phase)
  /// Reported before the statement is run. Statements of an undo have the phase 0.
  case statement(phase: Int, sql: String)
  case statementEnded(phase: Int, sql: String, seconds: Double)
  case phaseEnded(Phase, counts: [String: Int64], seconds: Double)
  case committed(phases: [Int], seconds: Double)
  case undoing(phases: [Int])
}
