import ArgumentParser
import BahariMigration
import BahariPostgres

/// The options about locks, alerts and statements of the subcommands `migrate run` and `migrate undo`.
struct StepOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How often the locks are tried before it gives up.", valueName: "n"))
  var lockAttempts = Migrator.Options().lockAttempts

  @Option(
    help: ArgumentHelp(
      "How long an attempt waits. Keep it above PostgreSQL's deadlock_timeout, or an autovacuum is never cancelled.",
      valueName: "ms"))
  var lockTimeout = Migrator.Options().lockTimeout

  @Option(
    help: ArgumentHelp(
      """
      A shell command that runs when something fails. It gets the message as $1 and as BAHARI_ALERT, and also \
      BAHARI_ALERT_DATABASE, BAHARI_ALERT_PHASE and BAHARI_ALERT_STATEMENT.
      """, valueName: "command"))
  var onAlert: String?

  @Option(
    help: ArgumentHelp(
      "Stops before every statement until the listener at this socket lets it continue.", visibility: .hidden))
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

  func gate() throws -> StatementGate? { try stepSocket.map(StatementGate.init) }

  func alert(_ conninfo: Conninfo) -> AlertCommand? {
    onAlert.map { AlertCommand(command: $0, database: conninfo["dbname"] ?? "") }
  }
}
