import ArgumentParser
import BahariMigration

struct MigrateVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compares a migrated database with the migration's record, and calls its services.",
    discussion: """
      Rows and values against the record, foreign keys, the schema, sequences, a List and a Get of every service, and \
      the design's three reads, whose times are compared with those before (a warning above 1.2). It changes nothing \
      and can run at any time; rows that were written since are counted apart.

        baharid migrate verify --database 'host=/run/postgresql dbname=perikanan'
      """)

  @Option(help: ArgumentHelp("Writes verification.json and verification.md there.", valueName: "folder"))
  var reportDir: String?

  @OptionGroup var address: DatabaseAddress
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.run(on: address) { conninfo in
      let printer = MigrationPrinter(output.line)
      let (outcome, report) = try await VerificationRun(
        conninfo, services: ServiceProbe.callAll, observer: printer
      ).run()
      if let reportDir {
        try ReportFolder.make(reportDir)
        try ReportFolder.write(report, to: reportDir, named: "verification")
      }
      try output.show(report)
      return outcome
    }
  }
}
