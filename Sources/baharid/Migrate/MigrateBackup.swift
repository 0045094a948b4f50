import ArgumentParser
import BahariMigration

struct MigrateBackup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Dumps the database, restores the dump into a new database, and compares the two.",
    discussion: """
      A dump is not a backup until it was restored: its file is called .dump.unproven until the copy has the \
      fingerprints of the database. The database stays in use meanwhile. The schema alone is dumped beside it, and the \
      fingerprints are kept in a .json of the same name.

        baharid migrate backup --database 'host=/run/postgresql dbname=perikanan' --backup-dir /var/backups/bahari
      """)

  @OptionGroup var address: DatabaseAddress
  @OptionGroup var backup: BackupOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.run(on: address, failing: .noBackup) { conninfo in
      let printer = MigrationPrinter(output.line)
      let work = Backup(conninfo, into: try backup.folder(address), within: backup.limit) { progress in
        printer.report(.backup(progress))
      }
      let (path, manifest) = try await work.make()
      let report = BackupReport(path: path, manifest: manifest)
      printer.report(.backedUp(report))
      try output.show(report)
      return .done
    }
  }
}
