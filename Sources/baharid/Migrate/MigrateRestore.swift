import ArgumentParser
import BahariMigration

struct MigrateRestore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Restores a backup into a new database, and proves it by the backup's fingerprints.",
    discussion: """
      Never into a database that exists: after a migration its renamed tables have the old names of indexes and \
      sequences, and its rows may still be needed. To return to the old tables after a migration, use \
      'baharid migrate undo'; a restored backup lacks everything that was written since.

        baharid migrate restore --backup /var/backups/bahari/backup_pre_migration_20261125_140000.dump \
      --into perikanan_lama --database 'host=/run/postgresql dbname=perikanan'
      """)

  @Option(help: ArgumentHelp("The backup's .dump; its .json lies beside it.", valueName: "file"))
  var backup: String

  @Option(help: ArgumentHelp("The new database's name, on the server of --database.", valueName: "name"))
  var into: String

  @Option(help: ArgumentHelp("The most that it may take.", valueName: "seconds"))
  var timeout = 3_600

  @OptionGroup var address: DatabaseAddress
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.run(on: address) { conninfo in
      let printer = MigrationPrinter(output.line)
      let restore = try Restore(of: backup, within: .seconds(timeout))
      let manifest = try await restore.into(into, conninfo) { printer.report(.backup($0)) }
      output.line.say(
        "restored into \(into): \(manifest.tables.count) tables, \(manifest.rows) rows, fingerprints equal")
      try output.show(BackupReport(path: backup, manifest: manifest))
      return .done
    }
  }
}
