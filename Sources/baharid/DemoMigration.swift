import BahariMigration
import BahariPostgres

/// Migrates the demo's old tables and shows the progress. Unlike `baharid migrate run` this makes no backup, since the
/// rows can be generated again.
enum DemoMigration {
  static func run(_ session: Session) throws {
    let line = ProgressLine()
    let plan = try Plan.read(session)
    line.say(
      "baharid: migrating the old service's tables: \(plan.phases.count) phases, \(plan.statements.count) statements")
    let (printer, recorder) = (MigrationPrinter(line, statements: plan.statements.count), MigrationRecorder())
    let baseline = try Baseline.take(session)
    _ = try Migrator(session: session, baseline: baseline) { event in
      recorder.record(event)
      printer.report(.migration(event))
    }.run()
    line.clear()
    line.say("baharid: migrated, tables were locked for \(Seconds(recorder.summary.lockedSeconds))")
  }
}
