import ArgumentParser
import BahariMigration
import BahariPostgres
import Foundation

/// How statements are run, by `run` and by `undo`.
struct StepOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Asks so often for the locks before it gives up.", valueName: "n"))
  var lockAttempts = Migrator.Options().lockAttempts

  @Option(
    help: ArgumentHelp(
      "An attempt waits so long. Keep it above PostgreSQL's deadlock_timeout, or an autovacuum is never sent away.",
      valueName: "ms"))
  var lockTimeout = Migrator.Options().lockTimeout

  @Option(
    help: ArgumentHelp(
      """
      A line for the shell that is run when something fails; it gets the message as $1 and as BAHARI_ALERT, and \
      BAHARI_ALERT_DATABASE, BAHARI_ALERT_PHASE and BAHARI_ALERT_STATEMENT.
      """, valueName: "command"))
  var onAlert: String?

  @Option(
    help: ArgumentHelp(
      "Stops before every statement until the listener at this socket says to go on.", visibility: .hidden))
  var stepSocket: String?

  func validate() throws {
    if lockAttempts < 1 { throw ValidationError("--lock-attempts is \(lockAttempts) and must be 1 or more") }
    if lockTimeout < 1 { throw ValidationError("--lock-timeout is \(lockTimeout) and must be 1 or more") }
  }

  var migrator: Migrator.Options {
    var options = Migrator.Options()
    options.lockAttempts = lockAttempts
    options.lockTimeout = lockTimeout
    return options
  }

  func log(_ line: ProgressLine, path: String? = nil, statements: Int) throws -> MigrationLog {
    try MigrationLog(line, path: path, statements: statements, gate: try stepSocket.map(StatementGate.init))
  }

  /// Does it again when it lost against the locks of others half way, in a deadlock: nothing was kept then.
  func again<T>(_ log: MigrationLog, _ body: () async throws -> T) async throws -> T {
    var attempt = 1
    while true {
      do {
        return try await body()
      } catch let failure as MigrationFailure where failure.lostAgainstLocks && attempt < lockAttempts {
        log.unlock()
        log.tell("attempt \(attempt) of \(lockAttempts): \(failure)")
        attempt += 1
        try await Task.sleep(for: .milliseconds(Int.random(in: 100...1_000)))
      }
    }
  }

  func alert(_ conninfo: Conninfo) -> Alert? {
    onAlert.map { Alert(command: $0, database: conninfo["dbname"] ?? "") }
  }
}

extension MigrationFailure {
  fileprivate var lostAgainstLocks: Bool {
    guard case .statement(_, let error) = cause else { return false }
    return ["40P01", "55P03"].contains(error.sqlState.code)
  }
}

extension Alert {
  /// Tells of a failure and, where one failed, of the statement.
  func tell(_ error: any Error, _ log: MigrationLog) async {
    var place: (phase: String, statement: String) = ("", "")
    if let failure = error as? MigrationFailure {
      if case .statement(let sql, _) = failure.cause { place.statement = sql }
      place.phase = failure.phase.map(String.init) ?? ""
    }
    await tell("\(error)", phase: place.phase, statement: place.statement)
  }
}

extension MigrationExit {
  /// What an error of the migration or the undo means for the database. A lost connection is another matter.
  init(_ error: any Error) {
    switch error {
    case let refusal as MigrationRefusal:
      self = refusal.refusals.contains { $0.reason == .locked } ? .locked : .refused
    case is MigrationFailure: self = .rolledBack
    default: self = .failed
    }
  }
}
