import BahariCluster
import BahariPostgres
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import BahariMigration

private let turns = Turns(1)

extension Trait where Self == OffPool {
  /// One backup at a time: tests look for copies that any backup of this process leaves.
  fileprivate static var backups: OffPool { .offPool(.shared, atOnce: turns) }
}

@Suite("Backup", .backups) struct BackupTests {
  private let limit = Duration.seconds(120)

  /// A database of this name with the legacy tables and some other tables, and a session in it.
  private func database(_ name: String) async throws -> (conninfo: Conninfo, session: Session) {
    let text = try await LegacyDatabase.conninfo("backup_\(name)")
    let session = try Session(.inPublic(text))
    try session.execute(
      #"""
      CREATE SCHEMA "Lain"; CREATE TABLE "Lain"."Tabel ""aneh""" ("Kolom 1" bytea, t timestamptz, f float8[]);
      INSERT INTO "Lain"."Tabel ""aneh""" VALUES ('\x0001ff', '2024-02-29 12:00+07', '{1e-300,NaN}'), (NULL, NULL, '{}');
      CREATE TABLE public.kosong (); CREATE VIEW public.lihat AS SELECT * FROM provinces
      """#)
    return (try Conninfo(text), session)
  }

  private func folder() throws -> String { try TemporaryFolder.make() }

  private func files(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  private func copies() async throws -> String {
    try await TestCluster.shared().execute(
      "SELECT datname FROM pg_database WHERE datname LIKE 'bahari_proof_\(getpid())_%'")
  }

  private func mode(_ path: String) throws -> Int {
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    return try #require(mode)
  }

  @Test("A backup is compared, listed in its manifest, and restores only into a new database") func whole() async throws
  {
    let (conninfo, session) = try await database("whole")
    let folder = try folder()
    let steps = Mutex<[String]>([])
    let (path, manifest) = try await Backup(conninfo, into: folder + "/a/b", within: limit) { progress in
      steps.withLock { if $0.last != progress.step.rawValue { $0.append(progress.step.rawValue) } }
    }.make()
    #expect(steps.withLock { $0 } == ["reading", "dumping", "restoring", "comparing"])
    let proof = try #require(manifest.proof)
    #expect(manifest.tables.count == 13 && proof.tables == 13 && proof.rows == manifest.rows && manifest.rows > 20)
    #expect(proof.catalogDifferences.isEmpty, "\(proof.catalogDifferences)")
    let read = try BackupManifest.read(besides: path)
    #expect(read.fingerprints == manifest.fingerprints && read.proof?.rows == proof.rows)
    #expect(try mode(path) == 0o600 && mode(folder + "/a/b") == 0o700)
    let schema = try String(contentsOfFile: folder + "/a/b/" + manifest.schemaFile, encoding: .utf8)
    #expect(schema.contains("CREATE TABLE public.provinces") && schema.contains("VIEW public.lihat"))
    #expect(try await copies() == "")

    let restore = try Restore(of: path, within: limit)
    _ = try await restore.into("backup_restored", conninfo)
    let restored = try Session(.inPublic(conninfo.database("backup_restored").text))
    let before = try Fingerprint.take(session)
    #expect(try Fingerprint.differences(before: before, after: Fingerprint.take(restored)).isEmpty)
    #expect(
      try restored.column("SELECT \"Kolom 1\"::text FROM \"Lain\".\"Tabel \"\"aneh\"\"\" ORDER BY 1")[0] == "\\x0001ff")
    let again = await #expect(throws: BackupError.self) { _ = try await restore.into("backup_restored", conninfo) }
    #expect(try #require(again).description.contains("backup_restored exists"))
    try await TestCluster.shared().execute("DROP DATABASE backup_restored WITH (FORCE)")
  }

  @Test("Writers are not blocked by a backup, and their rows are not in it") func writers() async throws {
    let (conninfo, session) = try await database("writers")
    let written = Inbox<Int>()
    let isDone = Mutex(false)
    Thread.detachNewThread {
      var count = 0
      // The dump holds its locks for longer than this.
      let other = try? Session(.inPublic(conninfo.text))
      try? other?.execute("SET lock_timeout = '1s'")
      while !isDone.withLock({ $0 }) {
        let insert = try? other?.query("INSERT INTO roles (level_role, nama_role) VALUES ('x', 'Sementara')")
        guard insert != nil else { break }
        count += 1
      }
      written.put(count)
    }
    try await eventually("rows") { try session.query("SELECT FROM roles WHERE level_role = 'x'").count > 5 }
    let (_, manifest) = try await Backup(conninfo, into: try folder(), within: limit).make()
    isDone.withLock { $0 = true }
    let count = try await written.next()
    let found = try session.query("SELECT count(*) FROM roles WHERE level_role = 'x'").int64(0, 0)
    #expect(found == Int64(count), "a writer was stopped")
    let dumped = try #require(manifest.fingerprints["public.roles"]?.rows)
    #expect(dumped > 7 && dumped < Int64(count))
  }

  /// A folder in which one program is this script; `$real` is the folder of the real programs.
  private func programs(_ name: String, _ script: String) async throws -> ServerBinaries.Places {
    let real = try await TestCluster.shared().cluster.binaries.folder
    let folder = try folder()
    for program in ["pg_dump", "pg_restore"] {
      let body = program == name ? script : "exec \(real)/\(program) \"$@\""
      let version = "[ \"$1\" = --version ] && exec \(real)/\(program) --version"
      let path = "\(folder)/\(program)"
      try "#!/bin/bash\nreal=\(real)\n\(version)\n\(body)\n".write(toFile: path, atomically: true, encoding: .utf8)
      chmod(path, 0o755)
    }
    return ServerBinaries.Places(path: folder, versions: "/nowhere")
  }

  @Test(
    "A copy that differs is not a backup: the table is reported, and the file keeps the name of an unproven one")
  func different() async throws {
    let (conninfo, _) = try await database("different")
    let folder = try folder()
    let places = try await programs(
      "pg_restore",
      """
      $real/pg_restore "$@" || exit 1
      while [ "$1" != --dbname ]; do shift; done
      exec $real/psql -X -q -d "$2" -c "UPDATE public.pegawai SET nama = nama || ' ' WHERE nip = '00001'"
      """)
    let error = await #expect(throws: BackupError.self) {
      _ = try await Backup(conninfo, into: folder, searching: places, within: limit).make()
    }
    let text = try #require(error).description
    #expect(text.contains("public.pegawai: 2 rows") && !text.contains("public.roles"), "\(text)")
    #expect(files(folder).count == 2 && files(folder).contains { $0.hasSuffix(".dump.unproven") })
    #expect(try await copies() == "")
  }

  @Test("A dump that breaks off leaves no file, and one that was cut later is not restored") func cut()
    async throws
  {
    let (conninfo, _) = try await database("cut")
    let folder = try folder()
    let places = try await programs("pg_dump", "echo 'could not write: No space left on device' >&2; exit 1")
    let error = await #expect(throws: ClusterError.self) {
      _ = try await Backup(conninfo, into: folder, searching: places, within: limit).make()
    }
    #expect(try #require(error).description.contains("No space left on device"))
    #expect(files(folder).isEmpty)

    let (path, _) = try await Backup(conninfo, into: folder, within: limit).make()
    let bytes = try #require(FileManager.default.contents(atPath: path))
    try bytes.dropLast().write(to: URL(fileURLWithPath: path))
    let short = #expect(throws: BackupError.self) { _ = try Restore(of: path, within: limit) }
    #expect(try #require(short).description.contains("get another copy"))
    var wrong = bytes
    for place in bytes.count / 2..<bytes.count / 2 + 64 { wrong[place] ^= 0x5a }
    try wrong.write(to: URL(fileURLWithPath: path))
    let restore = try Restore(of: path, within: limit)
    await #expect(throws: (any Error).self) { _ = try await restore.into("backup_wrong", conninfo) }
    let left = try await TestCluster.shared().execute("SELECT count(*) FROM pg_database WHERE datname = 'backup_wrong'")
    #expect(left == "0")
  }

  @Test("A program that does not end is killed, and its file removed") func late() async throws {
    let (conninfo, _) = try await database("late")
    let folder = try folder()
    let places = try await programs("pg_dump", "exec sleep 300")
    let error = await #expect(throws: ClusterError.self) {
      _ = try await Backup(conninfo, into: folder, searching: places, within: .seconds(2)).make()
    }
    #expect(try #require(error).description.contains("pg_dump was killed after"))
    #expect(files(folder).isEmpty)
  }

  @Test("A cancelled backup ends its program and leaves no file") func cancelled() async throws {
    let (conninfo, _) = try await database("cancelled")
    let folder = try folder()
    let places = try await programs("pg_dump", "exec sleep 300")
    let (limit, dumping) = (limit, Inbox<Void>())
    // It blocks, so it must not take one of the few threads that all tests share.
    let backup = Task(executorPreference: BlockingExecutor.shared) {
      try await Backup(conninfo, into: folder, searching: places, within: limit) {
        if $0.step == .reading { dumping.put(()) }
      }.make()
    }
    try await dumping.next()
    backup.cancel()
    await #expect(throws: (any Error).self) { _ = try await backup.value }
    #expect(files(folder).isEmpty)
    #expect(try await copies() == "")
  }

  @Test("Programs older than the server are refused by their folder") func tooOld() async throws {
    let (conninfo, _) = try await database("old")
    let folder = try folder()
    for program in ["pg_dump", "pg_restore"] {
      let path = "\(folder)/\(program)"
      try "#!/bin/sh\necho '\(program) (PostgreSQL) 14.9'\n".write(toFile: path, atomically: true, encoding: .utf8)
      chmod(path, 0o755)
    }
    let places = ServerBinaries.Places(path: folder, versions: "/nowhere")
    let error = await #expect(throws: ClusterError.self) {
      _ = try await Backup(conninfo, into: folder, searching: places, within: limit).make()
    }
    let text = try #require(error).description
    #expect(text.contains("too old: \(folder)") && text.contains("postgresql-client-15"), "\(text)")
  }

  @Test("A user who may not create databases gets the statement that allows it") func mayNotCreate() async throws {
    let (conninfo, session) = try await database("may_not")
    try session.execute(
      """
      DROP ROLE IF EXISTS pencadang; CREATE ROLE pencadang LOGIN; GRANT pg_read_all_data TO pencadang
      """)
    var other = conninfo
    other["user"] = "pencadang"
    let backup = Backup(other, into: try folder(), within: limit)
    let error = await #expect(throws: BackupError.self) { _ = try await backup.make() }
    #expect(
      try #require(error).description.contains("ALTER ROLE \"pencadang\" CREATEDB"), "\(String(describing: error))")
    try session.execute("ALTER ROLE pencadang CREATEDB")
    let (_, manifest) = try await backup.make()
    // Owners are not restored where the caller may not set them.
    #expect(manifest.proof.map { !$0.catalogDifferences.isEmpty } == true)
  }

  @Test(
    "A disk that is too small is refused before anything is written",
    .enabled(if: SmallDisk.canBeMade, "needs root, to mount a small disk"))
  func smallDisk() async throws {
    let (conninfo, _) = try await database("disk")
    let disk = try SmallDisk(megabytes: 2)
    let error = await #expect(throws: BackupError.self) {
      _ = try await Backup(conninfo, into: disk.folder, within: limit).make()
    }
    let text = try #require(error).description
    #expect(text.contains(disk.folder) && text.contains("may be needed"), "\(text)")
    #expect(try await copies() == "")
  }

  @Test("A rehearsal runs on the copy, and its failure fails the backup") func rehearsal() async throws {
    let (conninfo, session) = try await database("rehearsal")
    let backup = Backup(conninfo, into: try folder(), within: limit)
    let (_, manifest) = try await backup.make { copy in
      let other = try Session(.inPublic(copy))
      try other.execute("DROP TABLE public.absensi")
      return "tried in \(try other.column("SELECT current_database()::text")[0])"
    }
    #expect(manifest.rehearsal?.hasPrefix("tried in bahari_proof_") == true)
    #expect(try session.query("SELECT FROM public.absensi").count == 2)
    struct Refused: Error {}
    await #expect(throws: Refused.self) { _ = try await backup.make { _ in throw Refused() } }
    #expect(try await copies() == "")
  }
}

@Suite("Connection strings") struct ConninfoTests {
  @Test(
    "Another database, without the password, whatever is in the values",
    arguments: [
      "host=/run/x dbname='a b' password='it''s' user=\"u\"",
      "postgresql://u:p%40ss@localhost:5433/a%20b?sslmode=disable",
    ])
  func values(_ text: String) throws {
    guard var info = try? Conninfo(text) else {
      // A doubled quote ends the value for libpq.
      #expect(text.contains("''"))
      return
    }
    info["password"] = nil
    let other = try Conninfo(info.database("x\\'y z").text)
    #expect(other["dbname"] == "x\\'y z" && other["password"] == nil && other["user"] == info["user"])
  }

  @Test("A string that libpq cannot parse is refused with libpq's message") func malformed() {
    let error = #expect(throws: ConnectError.self) { _ = try Conninfo("host") }
    #expect(error?.description.contains("missing \"=\"") == true)
  }
}
