import BahariPostgres
import Foundation

/// Does all of `baharid migrate run`: plan, backup with its proof and rehearsal, measured reads, migration,
/// verification.
package struct MigrationRun: Sendable {
  package struct Options: Sendable {
    package var migrator = Migrator.Options()
    /// The folder for the backup; nil for a run without a backup.
    package var backupFolder: String?
    /// The longest time that the backup may take, including its proof and the rehearsal.
    package var backupLimit = Duration.seconds(3_600)
    /// Whether the migration and its undo are first tried on the copy that was restored from the backup.
    package var rehearses = false
    /// The path of the file in which the observer logs every statement; the checklists name it.
    package var statementLog = ""

    package init() {}
  }

  let conninfo: Conninfo
  let options: Options
  let services: ServiceCheck
  let observer: any MigrationObserver
  private var report = MigrationReport("baharid migrate run")
  private var otherSessions: Int?
  private var isCommitted = false

  package init(
    _ conninfo: Conninfo, options: Options, services: @escaping ServiceCheck, observer: any MigrationObserver
  ) {
    (self.conninfo, self.options, self.services, self.observer) = (conninfo, options, services, observer)
  }

  /// Never throws: the report has the outcome and the error.
  package mutating func run() async -> (outcome: MigrationOutcome, report: MigrationReport) {
    report.mode = options.migrator.mode.rawValue
    let outcome: MigrationOutcome
    do {
      outcome = try await steps()
    } catch {
      note(error)
      outcome = .failed
    }
    report.end(outcome)
    var facts = ChecklistFacts(report)
    facts.otherSessions = otherSessions
    facts.statementLog = isCommitted ? options.statementLog : nil
    report.checklists = Checklist.all(facts)
    return (outcome, report)
  }

  private mutating func steps() async throws -> MigrationOutcome {
    let plan = try await inSession(conninfo) { [options = options.migrator] session in
      try Plan.read(session, through: options.through, views: options.views)
    }
    let found = plan.inspection
    report.found = found
    guard found.state != .current && found.state != .empty else {
      observer.report(.nothingToDo(found.state))
      return .done
    }
    observer.report(.planned(plan))
    guard plan.refusals.isEmpty else {
      let refusal = MigrationRefusal(plan.refusals)
      note(refusal)
      await observer.alert(MigrationAlert(refusal))
      return .refused
    }
    guard await backUp() else { return .noBackup }
    // Measured only before the first phase: later times would not be those of the old database.
    if found.state == .legacy {
      observer.report(.measuring)
      report.baseline = try await inSession(conninfo) { try Baseline.take($0) }
    }
    otherSessions = try await inSession(conninfo) { try OtherSessions.count($0) }
    let outcome = await migrate()
    guard outcome == .done else { return outcome }
    guard options.migrator.through == Phase.last.number else {
      observer.report(.stopped(afterPhase: options.migrator.through))
      return .done
    }
    return try await verify()
  }

  // MARK: - Steps

  private mutating func backUp() async -> Bool {
    guard let folder = options.backupFolder else {
      observer.report(.backupSkipped)
      return true
    }
    do {
      let rehearsal: @Sendable (String) throws -> String = { [options = options.migrator] copy in
        try Rehearsal.run(copy, options)
      }
      let backup = Backup(conninfo, into: folder, within: options.backupLimit) { [observer] progress in
        observer.report(.backup(progress))
      }
      let made = try await backup.make(rehearsal: options.rehearses ? rehearsal : nil)
      let result = BackupReport(path: made.path, manifest: made.manifest)
      report.backup = result
      observer.report(.backedUp(result))
      return true
    } catch {
      note(error)
      await observer.alert(MigrationAlert(error))
      return false
    }
  }

  private mutating func migrate() async -> MigrationOutcome {
    let recorder = MigrationRecorder()
    let retry = LockRetry(attempts: options.migrator.lockAttempts) { [observer, options] attempt, failure in
      recorder.endWindow()
      observer.report(.repeating(attempt: attempt, of: options.migrator.lockAttempts, failure))
    }
    var restored: [String] = []
    do {
      restored = try await retry.run {
        try await inSession(conninfo) { [options = options.migrator, baseline = report.baseline, observer] session in
          try Migrator(session: session, options: options, baseline: baseline) { event in
            recorder.record(event)
            observer.report(.migration(event))
          }.run().restored
        }
      }
    } catch {
      recorder.endWindow()
      report.migration = recorder.summary
      note(error)
      await observer.alert(MigrationAlert(error))
      let outcome = await Aftermath(conninfo: conninfo, observer: observer).outcome(ofRun: error)
      guard outcome == .done else { return outcome }
    }
    isCommitted = true
    report.migration = recorder.summary
    observer.report(.migrated(recorder.summary, restored: restored))
    return .done
  }

  private mutating func verify() async throws -> MigrationOutcome {
    let verification = try await VerificationRun(conninfo, services: services, observer: observer).verify()
    report.verification = verification
    if !verification.rollbackReasons.isEmpty {
      await observer.alert(
        MigrationAlert("rollback advised: \(verification.rollbackReasons.joined(separator: "; "))"))
    }
    return verification.outcome
  }

  private mutating func note(_ error: any Error) {
    report.error = "\(error)"
    observer.report(.failed(error))
  }
}
