import BahariMigration
import BahariPostgres
import Foundation

/// The steps of `baharid migrate run`, and what they come to.
struct RunWork {
  let command: MigrateRun
  let conninfo: Conninfo
  let folder: String
  let line: ProgressLine
  private(set) var report = MigrationReport("baharid migrate run")
  private var facts = Checklist.Facts()
  private let name = "migration_\(Date.now.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted)))"

  init(command: MigrateRun, conninfo: Conninfo, folder: String, line: ProgressLine) {
    (self.command, self.conninfo, self.folder, self.line) = (command, conninfo, folder, line)
  }

  /// Does all of it; whatever comes of it is in the report, which is written too.
  mutating func run() async -> MigrationExit {
    let exit: MigrationExit
    do {
      exit = try await steps()
    } catch {
      exit = .failed
      note(error)
    }
    line.clear()
    facts.warnings = report.warnings.count
    report.end(exit)
    facts.warnings = report.warnings.count
    report.checklists = Checklist.all(facts)
    do {
      try report.write(to: folder, named: name)
      line.say("report: \(folder)/\(name).md")
    } catch {
      OutputOptions.complain(error)
    }
    return exit
  }

  private mutating func steps() async throws -> MigrationExit {
    report.mode = command.mode.rawValue
    let plan = try await plan()
    report.found = plan.inspection
    facts.database = plan.inspection.database
    facts.countedRows = plan.inspection.tables.reduce(0) { $0 + $1.rows }
    facts.orphansBefore = plan.refusals.count { $0.reason == .orphans }
    if plan.inspection.state == .current || plan.inspection.state == .empty {
      line.say("nothing to do: the database is \(PlanText.words(plan.inspection.state))")
      return .done
    }
    for warning in plan.inspection.warnings { line.say("warning: \(warning)") }
    guard plan.refusals.isEmpty else {
      let refusal = MigrationRefusal(plan.refusals)
      note(refusal)
      await command.steps.alert(conninfo)?.tell("\(refusal)")
      return .refused
    }
    line.say(
      "database \(plan.inspection.database): \(plan.phases.count) phases, \(plan.statements.count) statements for "
        + "\(facts.countedRows ?? 0) rows")
    guard try await backUp() else { return .noBackup }
    // Of a database that is migrated in part the times before are known from the first run, or not at all.
    if plan.inspection.state == .legacy { report.baseline = try await baseline() }
    return try await migrate(plan)
  }

  private func plan() async throws -> Plan {
    try await inSession(conninfo) { [options = command.options] session in
      try Plan.read(session, through: options.through, views: options.views)
    }
  }

  private func baseline() async throws -> Baseline {
    line.show("measuring", "the design's three reads", done: 0, of: 1)
    return try await inSession(conninfo) { try Baseline.take($0) }
  }

  // MARK: Backup

  private mutating func backUp() async throws -> Bool {
    if command.noBackup {
      line.say("no backup is made, as asked for")
      return true
    }
    do {
      let options = command.options
      let rehearsal: @Sendable (String) throws -> String = { try Rehearsal.run($0, options) }
      let folder = try command.target.folder(command.backup.backupDir, named: "backups")
      let (path, manifest) = try await command.backup.make(
        of: conninfo, into: folder, line, rehearsal: command.rehearse ? rehearsal : nil)
      report.backup = BackupReport(path: path, manifest: manifest)
      facts.backup = "`\(path)`, restored and found equal in \(manifest.tables.count) tables"
      facts.schemaFile = "`\((path as NSString).deletingLastPathComponent)/\(manifest.schemaFile)`"
      facts.rehearsal = manifest.rehearsal
      return true
    } catch {
      note(error)
      await command.steps.alert(conninfo)?.tell("\(error)")
      return false
    }
  }

  // MARK: Migration

  private mutating func migrate(_ plan: Plan) async throws -> MigrationExit {
    facts.otherSessions = try await otherSessions()
    let log = try command.steps.log(line, path: "\(folder)/\(name).log", statements: plan.statements.count)
    let options = command.options
    do {
      let result = try await command.steps.again(log) { [conninfo, baseline = report.baseline] in
        try await inSession(conninfo) { session in
          try Migrator(session: session, options: options, baseline: baseline) { log.observe($0) }.run()
        }
      }
      if !result.restored.isEmpty {
        line.say("brought back from an earlier undo: \(result.restored.joined(separator: ", "))")
      }
    } catch {
      log.unlock()
      line.clear()
      report.migration = log.summary
      log.write("failed: \(error)")
      note(error)
      let exit = await Aftermath(conninfo: conninfo, line: line).exit(after: error)
      await command.steps.alert(conninfo)?.tell(error, log)
      guard exit == .done else { return exit }
    }
    report.migration = log.summary
    line.say("tables were locked for \(Seconds(log.summary.lockedSeconds))")
    facts.committed = "\(log.summary.statements.count) statements, `\(folder)/\(name).log`"
    guard command.through == Phase.all.count else {
      line.say("stopped after phase \(command.through), as asked for: baharid migrate run goes on")
      return .done
    }
    return try await verify()
  }

  /// Clients of others in the database at this moment.
  private func otherSessions() async throws -> Int {
    try await inSession(conninfo) { session in
      var count: Int64 = 0
      // Sessions of this program's earlier steps are there for a moment after they were closed.
      for attempt in 0..<10 {
        if attempt > 0 { try session.query("SELECT pg_sleep(0.1)") }
        count =
          try session.query(
            """
            SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database()
              AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            """
          ).int64(0, 0) ?? 0
        if count == 0 { break }
      }
      return Int(count)
    }
  }

  private mutating func verify() async throws -> MigrationExit {
    let verification = try await Verifying.run(conninfo, line)
    Verifying.tell(verification, line)
    report.verification = verification
    facts.verification = Checklist.Facts.Verified(verification)
    guard verification.rollbackReasons.isEmpty else {
      await command.steps.alert(conninfo)?.tell(
        "rollback advised: \(verification.rollbackReasons.joined(separator: "; "))")
      line.say("rollback advised: baharid migrate undo goes back")
      return .rollbackAdvised
    }
    line.say("migrated: baharid serve serves it; baharid migrate undo goes back")
    return .done
  }

  private mutating func note(_ error: any Error) {
    line.clear()
    OutputOptions.complain(error)
    report.error = "\(error)"
  }
}

extension Checklist.Facts.Verified {
  init(_ verification: Verification) {
    let compared = verification.reads.filter { $0.ratio != nil }
    let times = compared.map { "\($0.name) \(Verification.rounded($0.after)) ms" }.joined(separator: ", ")
    self.init(
      rowsEqual: verification.tables.allSatisfy { $0.isEqual == true || $0.before == $0.now },
      tables: verification.tables.count, orphans: verification.orphans.count, services: verification.services,
      servicesAnswer: !verification.rollbackReasons.contains { $0.hasPrefix("critical API endpoint") },
      reads: compared.isEmpty ? nil : times)
  }
}

/// The whole migration and its undo, on a copy.
enum Rehearsal {
  /// Returns how long they took; throws what they throw, or that the copy is not as it was.
  static func run(_ conninfo: String, _ options: Migrator.Options) throws -> String {
    let session = try Session(ConnectionOptions(conninfo: conninfo))
    let before = try Snapshot.take(session)
    let begin = ContinuousClock.now
    let result = try Migrator(session: session, options: options).run()
    let between = ContinuousClock.now
    let undone = try Undo(session: session, options: options).run()
    let end = ContinuousClock.now
    let after = try Snapshot.take(session)
    let differences =
      Snapshot.lostValues(before: before, after: after)
      + CanonicalCatalog.differences(expected: before.catalog, found: after.catalog)
    guard differences.isEmpty else { throw RehearsalFailure(differences: differences) }
    return "\(result.phases.count) phases in \(Seconds(between - begin)), undone in \(Seconds(end - between)): "
      + "\(undone.fingerprints.count) tables and the catalog as before"
  }
}

struct RehearsalFailure: Error, CustomStringConvertible {
  let differences: [String]

  var description: String {
    "the copy is not as before after the migration and its undo:\n  " + differences.joined(separator: "\n  ")
  }
}
