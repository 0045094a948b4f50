import BahariPostgres

/// Runs phases inside a transaction, and keeps the text of the running statement for error messages.
struct PhaseRun {
  let session: Session
  let mode: Migrator.Mode
  let observe: @Sendable (MigrationEvent) -> Void
  private var phase: Int?
  private var sql = ""

  init(session: Session, mode: Migrator.Mode, observe: @escaping @Sendable (MigrationEvent) -> Void) {
    (self.session, self.mode, self.observe) = (session, mode, observe)
  }

  mutating func run(_ plan: Plan.PhasePlan) throws -> MigrationResult.PhaseResult {
    let start = ContinuousClock.now
    let check = PhaseCheck(session: session)
    let counts = try LegacyColumns.counts(of: try LegacyColumns.read(session), session)
    phase = plan.phase.number
    observe(.phaseBegan(plan.phase))
    try session.execute("SAVEPOINT phase_\(plan.phase.number)")
    if plan.phase == .additions {
      try RequiredExtension.provide(PhaseStatements.laterVersions.flatMap(\.extensions), session)
    }
    for statement in plan.statements { try run(statement) }
    let problems = try check.run(plan.phase, before: counts, statements: plan.statements)
    guard problems.isEmpty else {
      throw MigrationFailure(phase: phase, cause: .check("after the phase", differences: problems))
    }
    try Ledger(session: session).write(
      plan.phase, mode: mode.rawValue, statements: plan.statements, counts: counts, seconds: start.seconds)
    try session.execute("RELEASE SAVEPOINT phase_\(plan.phase.number)")
    observe(.phaseEnded(plan.phase, counts: counts, seconds: start.seconds))
    return MigrationResult.PhaseResult(
      phase: plan.phase, statements: plan.statements.count, counts: counts, seconds: start.seconds)
  }

  private mutating func run(_ statement: MigrationStatement) throws {
    sql = statement.sql
    observe(.statement(phase: statement.phase, sql: sql))
    let start = ContinuousClock.now
    try session.execute(sql)
    observe(.statementEnded(phase: statement.phase, sql: sql, seconds: start.seconds))
    sql = ""
  }

  /// Returns an error of PostgreSQL as a `MigrationFailure` with the running statement; returns other errors unchanged.
  func failure(_ error: any Error) -> any Error {
    guard let error = error as? PostgresError else { return error }
    return MigrationFailure(phase: phase, cause: .statement(sql.isEmpty ? "a check" : sql, error))
  }
}

extension ContinuousClock.Instant {
  /// Seconds from this instant until now.
  var seconds: Double { duration(to: .now) / .seconds(1) }
}
