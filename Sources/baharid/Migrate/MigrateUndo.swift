import ArgumentParser
import BahariMigration

struct MigrateUndo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Undoes a migration in one transaction and keeps everything that was written since.",
    discussion: """
      The old names return; new tables and the values of new columns are kept in the schema bahari_undone, from where a \
      later 'run' restores them. Fingerprints prove that no row of the old columns was lost.

        baharid migrate undo --database 'host=/run/postgresql dbname=perikanan'
      """)

  @OptionGroup var steps: StepOptions
  @OptionGroup var address: DatabaseAddress
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.run(on: address) { conninfo in
      let printer = MigrationPrinter(output.line, gate: try steps.gate(), alert: steps.alert(conninfo))
      let (outcome, report) = await UndoRun(conninfo, options: steps.migrator, observer: printer).run()
      if let report { try output.show(report) }
      return outcome
    }
  }
}
