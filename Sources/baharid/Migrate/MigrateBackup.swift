import ArgumentParser
import BahariMigration
import BahariPostgres

struct MigrateBackup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Dumps the database, restores the dump into a new database, and compares.",
    discussion: """
      A backup that was not restored is no backup: its file is called .dump.unproven until the copy's fingerprints \
      are those of the database. Nobody is held up meanwhile. The schema alone is dumped beside it, and the \
      fingerprints are kept in a .json of the same name.

        baharid migrate backup --database 'host=/run/postgresql dbname=perikanan' --backup-dir /var/backups/bahari
      """)

  @OptionGroup var target: TargetOptions
  @OptionGroup var backup: BackupOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.run(on: target, failing: .noBackup) { conninfo in
      let folder = try target.folder(backup.backupDir, named: "backups")
      let (path, manifest) = try await backup.make(of: conninfo, into: folder, output.line)
      try output.show(BackupReport(path: path, manifest: manifest))
      return .done
    }
  }
}

struct MigrateRestore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Restores a backup into a new database, and proves it by the backup's fingerprints.",
    discussion: """
      Never over a database that exists: the old names of indexes and sequences belong to the renamed tables by then, \
      and what is there may still be needed. To go back after a migration, use 'baharid migrate undo'; a restored \
      backup has nothing of what was written since.

        baharid migrate restore --backup /var/backups/bahari/backup_pre_migration_20261125_140000.dump \
      --into perikanan_lama --database 'host=/run/postgresql dbname=perikanan'
      """)

  @Option(help: ArgumentHelp("The backup's .dump; its .json lies beside it.", valueName: "file"))
  var backup: String

  @Option(help: ArgumentHelp("The new database's name, on the server of --database.", valueName: "name"))
  var into: String

  @Option(help: ArgumentHelp("It may take so long.", valueName: "seconds"))
  var timeout = 3_600

  @OptionGroup var target: TargetOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.run(on: target) { conninfo in
      let line = output.line
      let restore = try Restore(of: backup, within: .seconds(timeout))
      let manifest = try await restore.into(into, conninfo) { line.show($0) }
      line.say("restored into \(into): \(manifest.tables.count) tables, \(manifest.rows) rows, fingerprints equal")
      try output.show(BackupReport(path: backup, manifest: manifest))
      return .done
    }
  }
}

struct BackupReport: Encodable {
  let path: String
  let manifest: BackupManifest
}

/// How backups are made, by `backup` and by `run`.
struct BackupOptions: ParsableArguments {
  @Option(help: "Where backups go. Default: backups in the data directory.")
  var backupDir: String?

  @Option(help: ArgumentHelp("A backup with its proof may take so long.", valueName: "seconds"))
  var backupTimeout = 3_600

  /// Makes one and tells how it went.
  func make(
    of conninfo: Conninfo, into folder: String, _ line: ProgressLine,
    rehearsal: (@Sendable (_ conninfo: String) throws -> String)? = nil
  ) async throws -> (path: String, manifest: BackupManifest) {
    let backup = Backup(conninfo, into: folder, within: .seconds(backupTimeout)) { line.show($0) }
    let (path, manifest) = try await backup.make(rehearsal: rehearsal)
    line.say(
      "backup: \(path), \(Megabytes(manifest.bytes)), \(manifest.tables.count) tables, \(manifest.rows) rows in "
        + Seconds(manifest.seconds).description)
    if let proof = manifest.proof {
      line.say("backup: proven by a restore in \(Seconds(proof.seconds)): fingerprints equal")
      for difference in proof.catalogDifferences { line.say("backup: the copy's catalog differs: \(difference)") }
    }
    if let rehearsal = manifest.rehearsal { line.say("rehearsal: \(rehearsal)") }
    return (path, manifest)
  }
}

extension ProgressLine {
  func show(_ progress: BackupProgress) {
    show(progress.step.rawValue, progress.table, done: progress.done, of: progress.total)
  }
}

/// Times as people read them.
struct Seconds: CustomStringConvertible {
  let seconds: Double

  init(_ seconds: Double) { self.seconds = seconds }
  init(_ duration: Duration) { seconds = duration.milliseconds / 1_000 }

  var description: String {
    if seconds < 1 { return "\(Int((seconds * 1_000).rounded())) ms" }
    if seconds < 90 { return "\((seconds * 10).rounded() / 10) s" }
    return "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
  }
}
