import ArgumentParser

/// The options about backups of the subcommands `migrate backup` and `migrate run`.
struct BackupOptions: ParsableArguments {
  @Option(help: "The folder for backups. Default: backups in the data directory.")
  var backupDir: String?

  @Option(help: ArgumentHelp("The most that a backup with its proof may take.", valueName: "seconds"))
  var backupTimeout = 3_600

  func folder(_ address: DatabaseAddress) throws -> String { try address.folder(backupDir, named: "backups") }

  var limit: Duration { .seconds(backupTimeout) }
}
