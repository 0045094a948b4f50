/// What happens, told while it happens.
package enum MigrationEvent: Sendable {
  case lockRefused(attempt: Int, of: Int, blockers: [Blocker])
  case locked(tables: [String], attempt: Int)
  /// A measuring or comparing that may take time on large tables.
  case checking(String)
  case phaseBegan(Phase)
  /// Told before the statement is run.
  case statement(phase: Int, sql: String)
  case statementEnded(phase: Int, sql: String, seconds: Double)
  case phaseEnded(Phase, counts: [String: Int64], seconds: Double)
  case committed(phases: [Int], seconds: Double)
  case undoing(phases: [Int])
}
