import ArgumentParser
import BahariMigration
import BahariPostgres
import Foundation

struct MigrateRun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Backs the database up, migrates it, and verifies it.",
    discussion: """
      In one transaction (--atomic): the database is afterwards as it was, or migrated, whatever happens. Before it \
      comes a backup that was restored and compared; --rehearse also runs the migration and its undo on that copy. \
      Views under the old names keep applications working that know only these.

      --phased commits phase by phase, as the design has it: tables are locked for shorter times, and a failure leaves \
      the phases before it, which the next run resumes.

        baharid migrate run --database 'host=/run/postgresql dbname=perikanan' --rehearse --report-dir ./laporan
        baharid migrate run --phased --through 3 --on-alert 'mail -s "$1" admin@dinas.example < /dev/null'

      \(MigrationExit.table)
      """)

  @Flag(help: "One transaction for all phases, or one for each.")
  var mode = RunMode.atomic

  @Option(help: ArgumentHelp("The last phase to be applied; with --phased.", valueName: "phase"))
  var through = Phase.all.count

  @Flag(help: "No views under the old names: applications that know only these stop working.")
  var noCompatViews = false

  @Flag(help: "Afterwards, once no application knows the old names any more: drops the views under them.")
  var contract = false

  @Flag(help: "Before that, on trial: hides the views, so that whoever still needs them is told so.")
  var hideViews = false

  @Flag(help: "Ends the trial: the views are back.")
  var showViews = false

  @Flag(help: "No backup: only where another one is at hand that was proven.")
  var noBackup = false

  @Flag(help: "Runs the migration and its undo on the restored copy first.")
  var rehearse = false

  @Option(
    help: ArgumentHelp(
      "Reports and the log of statements. Default: reports in the data directory.", valueName: "folder"))
  var reportDir: String?

  @OptionGroup var steps: StepOptions
  @OptionGroup var backup: BackupOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...Phase.all.count).contains(through) else {
      throw ValidationError("--through is \(through) and must be from 1 to \(Phase.all.count)")
    }
    if through < Phase.all.count, mode == .atomic {
      throw ValidationError("--through stops between phases, which --atomic does not know: add --phased")
    }
    if [contract, hideViews, showViews].count(where: { $0 }) > 1 {
      throw ValidationError("--contract, --hide-views and --show-views are steps of their own: give one of them")
    }
    if noBackup, rehearse {
      throw ValidationError("--rehearse needs the copy that a backup is proven by: leave --no-backup out")
    }
  }

  func run() async throws {
    try await output.run(on: target) { conninfo in
      if contract || hideViews || showViews { return try await changeViews(conninfo) }
      let folder = try target.folder(reportDir, named: "reports")
      try ReportFolder.make(folder)
      var work = RunWork(command: self, conninfo: conninfo, folder: folder, line: output.line)
      let exit = await work.run()
      try output.show(work.report)
      return exit
    }
  }

  /// What becomes of the views under the old names, in a database that is migrated.
  private func changeViews(_ conninfo: Conninfo) async throws -> MigrationExit {
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

  var options: Migrator.Options {
    var options = steps.migrator
    options.mode = mode == .atomic ? .atomic : .phased
    options.through = through
    options.views = !noCompatViews
    return options
  }
}

enum RunMode: String, EnumerableFlag {
  case atomic, phased
}
