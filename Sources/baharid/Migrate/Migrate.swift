import ArgumentParser

struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Takes the old database over to the new tables, provably and reversibly.",
    discussion: """
      In this order: 'plan' says what would be done and what stands in the way; 'run' makes a proven backup, migrates \
      in one transaction and verifies; 'undo' goes back, with all that was written since.

        baharid migrate plan --database 'host=/run/postgresql dbname=perikanan'
        baharid migrate run  --database 'host=/run/postgresql dbname=perikanan' --report-dir ./laporan

      \(MigrationExit.table)
      """,
    subcommands: [
      MigratePlan.self, MigrateRun.self, MigrateStatus.self, MigrateVerify.self, MigrateUndo.self, MigrateBackup.self,
      MigrateRestore.self,
    ])
}
