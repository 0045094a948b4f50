import BahariCluster
import BahariPostgres
import Foundation

/// Makes a backup: a dump that is restored into a new database, whose content is compared with the dumped one.
///
/// The fingerprints of all tables and the dump are read from one exported snapshot: writers are not blocked, and their
/// changes are in neither. Until the restored copy is found to have the same fingerprints, the name of the dump's file
/// ends in `.unproven`.
package struct Backup: Sendable {
  let conninfo: Conninfo
  let folder: String
  let places: ServerBinaries.Places
  let limit: Duration
  let progress: @Sendable (BackupProgress) -> Void

  /// - Parameters:
  ///   - folder: The folder for the backup, created if it is missing. Only the files' owner can read them.
  ///   - limit: The longest time that the whole backup may take.
  package init(
    _ conninfo: Conninfo, into folder: String, searching places: ServerBinaries.Places = .init(),
    within limit: Duration,
    progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
  ) {
    (self.conninfo, self.folder, self.places, self.limit) = (conninfo, folder, places, limit)
    self.progress = progress
  }

  /// Dumps the database, restores the dump, and compares the two. Returns the dump's path and the manifest, which is
  /// written beside the dump.
  ///
  /// - Parameter rehearsal: Called with the restored copy's connection string after the comparison. The manifest keeps
  ///   its result.
  package func make(
    rehearsal: (@Sendable (_ conninfo: String) throws -> String)? = nil
  ) async throws -> (path: String, manifest: BackupManifest) {
    let deadline = ContinuousClock.now + limit
    let session = try Session(ConnectionOptions(conninfo: conninfo.text))
    let programs = try await ClientPrograms.find(forServer: session.serverVersion / 10_000, in: places)
    let files = try BackupFiles(folder)
    let tables = try StoredTable.all(session)
    try DiskSpace.check(folder, for: tables)
    try DiskSpace.checkServer(session, conninfo)
    var manifest: BackupManifest
    do {
      let snapshot = try ExportedSnapshot(conninfo)
      defer { withExtendedLifetime(snapshot) {} }
      manifest = try read(snapshot, session, files)
      try await dump(snapshot.name, tables, programs, files, until: deadline)
    } catch {
      // An incomplete dump is useless, so the files are removed.
      files.remove()
      throw error
    }
    manifest.seconds = Date.now.timeIntervalSince(manifest.startedAt)
    manifest.bytes = files.size
    try await prove(&manifest, tables, programs, files, session, until: deadline, rehearsal)
    try files.keep()
    try manifest.write(besides: files.dump)
    return (files.dump, manifest)
  }

  private func read(_ snapshot: ExportedSnapshot, _ session: Session, _ files: BackupFiles) throws -> BackupManifest {
    let started = Date.now
    let sequences = try StoredSequence.all(session).map { BackupManifest.Sequence(name: $0.fullName, last: $0.last) }
    let tables = try snapshot.read(conninfo) { reader in
      try Fingerprint.prepare(reader)
      let tables = try StoredTable.all(reader)
      let part = BackupPart(.reading, tables)
      return try tables.map { table in
        progress(part.next(table.fullName))
        return BackupManifest.Table(
          name: table.fullName, columns: table.columns,
          fingerprint: try Fingerprint.take(from: table.rows, columns: table.columns, reader))
      }
    }
    return BackupManifest(
      database: try session.column("SELECT pg_catalog.current_database()::text").first ?? "",
      serverVersion: session.setting("server_version") ?? "", startedAt: started, snapshot: snapshot.name,
      file: (files.dump as NSString).lastPathComponent, schemaFile: (files.schema as NSString).lastPathComponent,
      tables: tables, sequences: sequences)
  }

  private func dump(
    _ snapshot: String, _ tables: [StoredTable], _ programs: ClientPrograms, _ files: BackupFiles,
    until deadline: ContinuousClock.Instant
  ) async throws {
    var source = conninfo.withPinnedSettings
    source["password"] = nil
    let common = ["--snapshot", snapshot, "--lock-wait-timeout", "10000", "--dbname", source.text]
    let part = BackupPart(.dumping, tables)
    try await programs.dump.run(
      ["--format", "custom", "--verbose", "--file", files.unproven] + common, password: conninfo["password"],
      within: try rest(until: deadline)
    ) { [progress] line in
      if line.contains("dumping contents of table"), let table = line.quotedPart { progress(part.next(table)) }
    }
    try await programs.dump.run(
      ["--schema-only", "--file", files.schema] + common, password: conninfo["password"],
      within: try rest(until: deadline)
    ) { _ in }
  }

  private func prove(
    _ manifest: inout BackupManifest, _ tables: [StoredTable], _ programs: ClientPrograms, _ files: BackupFiles,
    _ session: Session, until deadline: ContinuousClock.Instant,
    _ rehearsal: (@Sendable (_ conninfo: String) throws -> String)?
  ) async throws {
    let started = Date.now
    let name = "bahari_proof_\(getpid())_\(UInt32.random(in: 0...UInt32.max))"
    let copy = try DatabaseCopy.create(name, like: session, conninfo)
    defer { try? copy.drop() }
    let part = BackupPart(.restoring, tables)
    try await copy.fill(from: files.unproven, programs.restore, within: try rest(until: deadline)) { [progress] in
      progress(part.next($0))
    }
    let comparing = BackupPart(.comparing, tables)
    let differences = try copy.differences(from: manifest) { progress(comparing.next($0)) }
    guard differences.isEmpty else {
      throw BackupError.differs(copy: "the copy restored from \(files.unproven)", differences)
    }
    let restored = try Session(ConnectionOptions(conninfo: copy.conninfo.text))
    manifest.proof = BackupManifest.Proof(
      restoredAt: .now, seconds: Date.now.timeIntervalSince(started), tables: manifest.tables.count,
      rows: manifest.rows,
      catalogDifferences: CanonicalCatalog.differences(
        expected: try CanonicalCatalog.read(session), found: try CanonicalCatalog.read(restored)))
    guard let rehearsal else { return }
    progress(BackupProgress(step: .rehearsing, table: "", done: 0, total: 1))
    manifest.rehearsal = try rehearsal(copy.conninfo.text)
    _ = try rest(until: deadline)
  }

  private func rest(until deadline: ContinuousClock.Instant) throws -> Duration {
    let rest = deadline - .now
    guard rest > .zero else { throw BackupError.tooLong(seconds: Int(limit.components.seconds)) }
    return rest
  }
}
