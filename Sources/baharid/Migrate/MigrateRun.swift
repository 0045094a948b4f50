import ArgumentParser
import BahariMigration
import BahariPostgres
import Foundation

struct MigrateRun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Backs the database up, migrates it, and verifies it.",
    discussion: """
      In one transaction (--atomic): whatever happens, the database is afterwards as it was, or migrated. Before it \
      comes a backup that was restored and compared; --rehearse also runs the migration and its undo on that copy. \
      Views under the old names keep applications working that know only these.

      --phased commits phase by phase, as the design does: tables are locked for shorter times, and a failure leaves \
      the phases before it, from which the next run continues.

        baharid migrate run --database 'host=/run/postgresql dbname=perikanan' --rehearse --report-dir ./laporan
        baharid migrate run --phased --through 3 --on-alert 'mail -s "$1" admin@dinas.example < /dev/null'

      \(MigrationOutcome.table)
      """)

  @Flag(help: "One transaction for all phases, or one for each.")
  var mode = RunMode.atomic

  @Option(help: ArgumentHelp("The last phase to be applied; with --phased.", valueName: "phase"))
  var through = Phase.last.number

  @Flag(help: "No views under the old names: applications that know only these stop working.")
  var noCompatViews = false

  @Flag(help: "Drops the views under the old names, once no application needs them any more.")
  var contract = false

  @Flag(help: "Hides the views, to find out before --contract who still needs them: such a caller gets an error.")
  var hideViews = false

  @Flag(help: "Shows hidden views again.")
  var showViews = false

  @Flag(help: "No backup: only where another proven one exists.")
  var noBackup = false

  @Flag(help: "Runs the migration and its undo on the restored copy first.")
  var rehearse = false

  @Option(
    help: ArgumentHelp(
      "Reports and the log of statements. Default: reports in the data directory.", valueName: "folder"))
  var reportDir: String?

  @OptionGroup var steps: StepOptions
  @OptionGroup var backup: BackupOptions
  @OptionGroup var address: DatabaseAddress
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...Phase.last.number).contains(through) else {
      throw ValidationError("--through is \(through) and must be from 1 to \(Phase.last.number)")
    }
    if through < Phase.last.number, mode == .atomic {
      throw ValidationError("--through stops between phases, which --atomic cannot: add --phased")
    }
    if [contract, hideViews, showViews].count(where: { $0 }) > 1 {
      throw ValidationError("--contract, --hide-views and --show-views are steps of their own: give one of them")
    }
    if noBackup, rehearse {
      throw ValidationError("--rehearse needs the copy that proves a backup: leave --no-backup out")
    }
  }

  func run() async throws {
    try await output.run(on: address) { conninfo in
      if contract || hideViews || showViews { return try await changeViews(conninfo) }
      let folder = try address.folder(reportDir, named: "reports")
      try ReportFolder.make(folder)
      let name = "migration_\(Date.now.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted)))"
      let options = try runOptions(log: "\(folder)/\(name).log")
      let printer = MigrationPrinter(
        output.line, log: try StatementLog(options.statementLog), gate: try steps.gate(), alert: steps.alert(conninfo))
      var work = MigrationRun(conninfo, options: options, services: ServiceProbe.callAll, observer: printer)
      let (outcome, report) = await work.run()
      if report.verification != nil {
        output.line.say(
          outcome == .done
            ? "migrated: start baharid serve; baharid migrate undo reverts it"
            : "rollback advised: baharid migrate undo reverts the migration")
      }
      output.line.clear()
      do {
        try ReportFolder.write(report, to: folder, named: name)
        output.line.say("report: \(folder)/\(name).md")
      } catch {
        OutputOptions.complain(error)
      }
      try output.show(report)
      return outcome
    }
  }

  /// Hides, shows or drops the views under the old names in a database that is migrated.
  private func changeViews(_ conninfo: Conninfo) async throws -> MigrationOutcome {
    let (contract, hideViews) = (contract, hideViews)
    let names = try await inSession(conninfo) { session in
      try contract ? CompatViews.drop(session) : hideViews ? CompatViews.hide(session) : CompatViews.reveal(session)
    }
    let done = contract ? "dropped" : hideViews ? "hidden, until --show-views or --contract" : "back"
    output.line.say(
      names.isEmpty ? "there are no such views" : "views under the old names: \(names.joined(separator: ", ")): \(done)"
    )
    try output.show(["views": names])
    return .done
  }

  private func runOptions(log: String) throws -> MigrationRun.Options {
    var options = MigrationRun.Options()
    options.migrator = steps.migrator
    options.migrator.mode = mode == .atomic ? .atomic : .phased
    options.migrator.through = through
    options.migrator.views = !noCompatViews
    options.backupFolder = noBackup ? nil : try backup.folder(address)
    options.backupLimit = backup.limit
    options.rehearses = rehearse
    options.statementLog = log
    return options
  }
}

enum RunMode: String, EnumerableFlag {
  case atomic, phased
}
