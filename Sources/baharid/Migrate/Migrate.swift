import ArgumentParser
import BahariMigration

struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Migrates the old service's database to the new tables, with proof and with a way back.",
    discussion: """
      In this order: 'plan' lists what would be done and what forbids it; 'run' makes a proven backup, migrates in one \
      transaction and verifies; 'undo' reverts that and keeps everything that was written since.

        baharid migrate plan --database 'host=/run/postgresql dbname=perikanan'
        baharid migrate run  --database 'host=/run/postgresql dbname=perikanan' --report-dir ./laporan

      \(MigrationOutcome.table)
      """,
    subcommands: [
      MigratePlan.self, MigrateRun.self, MigrateStatus.self, MigrateVerify.self, MigrateUndo.self, MigrateBackup.self,
      MigrateRestore.self,
    ])
}
