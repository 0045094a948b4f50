import BahariMigration
import Synchronization

/// Prints the events of a migration, an undo or a verification as lines and progress bars on the terminal, and writes
/// every statement to a log.
final class MigrationPrinter: MigrationObserver {
  private struct State {
    var phase: Phase?
    var begun = 0
    /// How many statements are planned, for the progress bar; 0 if that is not known.
    var planned = 0
  }

  private let line: ProgressLine
  private let log: StatementLog?
  private let gate: StatementGate?
  private let alert: AlertCommand?
  private let state = Mutex(State())

  /// - Parameter statements: How many statements are expected, for the progress bar; a plan that is reported later
  ///   replaces this number.
  init(
    _ line: ProgressLine, statements: Int = 0, log: StatementLog? = nil, gate: StatementGate? = nil,
    alert: AlertCommand? = nil
  ) {
    (self.line, self.log, self.gate, self.alert) = (line, log, gate, alert)
    state.withLock { $0.planned = statements }
  }

  func alert(_ message: MigrationAlert) async { await alert?.run(message) }

  func report(_ event: RunEvent) {
    switch event {
    case .planned(let plan): show(plan)
    case .nothingToDo(let state): line.say("nothing to do: the database is \(PlanText.words(state))")
    case .backupSkipped: line.say("no backup is made, because of --no-backup")
    case .backup(let progress):
      line.show(progress.step.rawValue, progress.table, done: progress.done, of: progress.total)
    case .backedUp(let report): show(report)
    case .measuring: line.show("measuring", "the design's three reads", done: 0, of: 1)
    case .migration(let event): show(event)
    case .repeating(let attempt, let of, let failure): say("attempt \(attempt) of \(of): \(failure)")
    case .migrated(let summary, let restored):
      if !restored.isEmpty { line.say("brought back from an earlier undo: \(restored.joined(separator: ", "))") }
      line.say("tables were locked for \(Seconds(summary.lockedSeconds))")
    case .stopped(let phase): line.say("stopped after phase \(phase), as requested: baharid migrate run continues")
    case .undone(let report): show(report)
    case .verifying(let part): line.show("verifying", part, done: 0, of: 1)
    case .verified(let verification): show(verification)
    case .failed(let error):
      log?.write("failed: \(error)")
      line.clear()
      OutputOptions.complain(error)
    case .waitingForServer(let attempt, let of):
      line.show("waiting", "for PostgreSQL", done: Int64(attempt), of: Int64(of))
    case .aftermath(let state): line.say(MigrationPrinter.text(state))
    }
  }

  // MARK: - Inside the transaction

  private func show(_ event: MigrationEvent) {
    switch event {
    case .lockRefused(let attempt, let of, let blockers):
      let who = blockers.map(\.description).joined(separator: "; ")
      say("locks refused, attempt \(attempt) of \(of)" + (who.isEmpty ? "" : ": held by \(who)"))
    case .locked(let tables, let attempt): log?.write("locked \(tables.count) tables at attempt \(attempt)")
    case .checking(let part):
      log?.write("checking \(part)")
      line.show("checking", part, done: 0, of: 1)
    case .phaseBegan(let phase):
      state.withLock { $0.phase = phase }
      log?.write("phase \(phase.number) begins: \(phase.name)")
    case .statement(let phase, let sql): begin(phase, sql)
    case .statementEnded(_, _, let seconds): log?.write("done in \(Seconds(seconds))")
    case .phaseEnded(let phase, let counts, let seconds):
      let rows = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      log?.write("phase \(phase.number) rows: \(rows)")
      say("phase \(phase.number) of \(Phase.all.count): \(phase.name), \(Seconds(seconds))")
    case .committed(let phases, let seconds):
      say("committed phases \(phases.map(String.init).joined(separator: ", ")) after \(Seconds(seconds))")
    case .undoing(let phases): say("undoing phases \(phases.map(String.init).joined(separator: ", "))")
    }
  }

  private func begin(_ phase: Int, _ sql: String) {
    let (begun, planned, name) = state.withLock { state in
      state.begun += 1
      return (state.begun, state.planned, state.phase?.name ?? "")
    }
    log?.write("phase \(phase): \(sql.split(whereSeparator: \.isNewline).joined(separator: " "))")
    line.show("phase \(phase)", name, done: Int64(begun - 1), of: Int64(max(planned, begun)))
    gate?.wait(before: "\(phase) \(sql)")
  }

  /// Writes a line to the terminal and to the log.
  private func say(_ text: String) {
    log?.write(text)
    line.say(text)
  }

  // MARK: - Results

  private func show(_ plan: Plan) {
    for warning in plan.inspection.warnings { line.say("warning: \(warning)") }
    guard plan.refusals.isEmpty else { return }
    state.withLock { $0.planned = plan.statements.count }
    line.say(
      "database \(plan.inspection.database): \(plan.phases.count) phases, \(plan.statements.count) statements for "
        + "\(plan.inspection.rows) rows")
  }

  private func show(_ report: BackupReport) {
    let manifest = report.manifest
    line.say(
      "backup: \(report.path), \(Megabytes(manifest.bytes)), \(manifest.tables.count) tables, \(manifest.rows) rows in "
        + "\(Seconds(manifest.seconds))")
    if let proof = manifest.proof {
      line.say("backup: proven by a restore in \(Seconds(proof.seconds)): fingerprints equal")
      for difference in proof.catalogDifferences { line.say("backup: the copy's catalog differs: \(difference)") }
    }
    if let rehearsal = manifest.rehearsal { line.say("rehearsal: \(rehearsal)") }
  }

  private func show(_ report: UndoReport) {
    line.clear()
    let (undone, summary) = (report.undone, report.statements)
    line.say(
      "undone: phases \(undone.phases.map(String.init).joined(separator: ", ")); tables were locked for "
        + "\(Seconds(summary.lockedSeconds))")
    for (table, rows) in undone.kept.sorted(by: { $0.key < $1.key }) {
      line.say("  kept in bahari_undone: \(table), \(rows) rows")
    }
    switch undone.catalogDifferences {
    case nil: line.say("  the schema before the migration was not recorded, so it is not compared")
    case []: line.say("  the schema is that of before the migration")
    case let differences?: for difference in differences { line.say("  not as before the migration: \(difference)") }
    }
    for left in undone.left { line.say("  left: \(left)") }
  }

  private func show(_ verification: Verification) {
    let equal = verification.tables.count { $0.isEqual == true }
    line.say(
      "verified: \(verification.tables.count) tables with \(verification.rows) rows, values of \(equal) equal, "
        + "\(verification.orphans.count) foreign keys with orphans, \(verification.services) services answered")
    for read in verification.reads {
      let before = read.before.map { "\(Verification.rounded($0)) ms before, " } ?? ""
      let ratio = read.ratio.map { ", ratio \(Verification.rounded($0))" } ?? ""
      line.say("verified: \(read.name): \(before)\(Verification.rounded(read.after)) ms now\(ratio)")
    }
    for warning in verification.warnings { line.say("warning: \(warning)") }
    for reason in verification.rollbackReasons { line.say("rollback advised: \(reason)") }
  }

  private static func text(_ state: Aftermath.State) -> String {
    switch state {
    case .asBefore: return "the database is as it was before"
    case .migrated: return "the connection broke, and the migration was committed nevertheless"
    case .undone: return "the connection broke, and the undo was committed nevertheless"
    case .between(let phases):
      let list = phases.map(String.init).joined(separator: ", ")
      return "phases \(list) are applied: baharid migrate run continues, baharid migrate undo reverts them"
    case .unknown: return "PostgreSQL cannot be reached: see baharid migrate status once it runs again"
    }
  }
}
