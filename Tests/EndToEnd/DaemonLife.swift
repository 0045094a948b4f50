import BahariClient
import BahariCluster
import BahariFrame
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// How the daemon starts and stops, and how it recovers from faults of PostgreSQL.
  @Suite(.startsDaemons) struct DaemonLife {
    private func expectRefused(
      _ daemon: Daemon, naming texts: String..., location: SourceLocation = #_sourceLocation
    ) async throws {
      #expect(try await daemon.child.end() == 1, sourceLocation: location)
      for text in texts {
        #expect(
          daemon.child.standardError.contains(text), "\(daemon.child.standardError)", sourceLocation: location)
      }
      #expect(!daemon.child.standardOutput.contains("ready"), sourceLocation: location)
    }

    // MARK: The socket

    @Test("A second daemon on the socket is refused, and the first goes on")
    func second() async throws {
      let first = try await Daemon.serving(database: "life_second")
      try await first.sql(Regions.sql)
      let second = try Daemon(
        conninfo: try await TestCluster.shared().database(named: "life_other"), socket: first.socket)
      try await expectRefused(second, naming: "another daemon serves \(first.socket)")
      #expect(try await first.client.provinsi.get(11).name == "ACEH")
      #expect(try await first.stop() == 0)
      #expect(!FileManager.default.fileExists(atPath: first.socket))
    }

    @Test("A socket that nobody listens on any more is replaced")
    func staleSocket() async throws {
      let conninfo = try await TestCluster.shared().database(named: "life_stale")
      let killed = try Daemon(conninfo: conninfo)
      try await killed.ready()
      killed.child.signal(SIGKILL)
      #expect(try await killed.child.end() == -SIGKILL)
      try #require(FileManager.default.fileExists(atPath: killed.socket))
      let daemon = try Daemon(conninfo: conninfo, socket: killed.socket)
      try await daemon.ready()
      #expect(try await daemon.client.health() == .serving)
      #expect(try await daemon.stop() == 0)
    }

    @Test("A file at the socket's path is refused and kept")
    func plainFile() async throws {
      let path = try Place.fresh("file")
      try "precious".write(toFile: path, atomically: true, encoding: .utf8)
      let daemon = try Daemon(conninfo: try await TestCluster.shared().database(named: "life_file"), socket: path)
      try await expectRefused(daemon, naming: path, "is no socket")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    // MARK: The database

    @Test("A database with tables of another application is left alone")
    func foreignTables() async throws {
      let cluster = try await TestCluster.shared()
      let conninfo = try await cluster.database(named: "life_foreign")
      try await cluster.execute("CREATE TABLE public.invoices (id integer);", in: "life_foreign")
      try await expectRefused(try Daemon(conninfo: conninfo), naming: "invoices", "not empty")
      #expect(
        try await cluster.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'mst_%'", in: "life_foreign") == "0"
      )
    }

    @Test("A role that may not make the schema gets PostgreSQL's refusal in the error")
    func withoutRights() async throws {
      let cluster = try await TestCluster.shared()
      let conninfo = try await cluster.database(named: "life_rights")
      try await cluster.execute("DROP ROLE IF EXISTS life_rights;\nCREATE ROLE life_rights LOGIN;")
      let daemon = try Daemon(conninfo: conninfo + " user=life_rights")
      try await expectRefused(daemon, naming: "permission denied for database life_rights", "42501", "--database")
    }

    @Test("A database that lacks columns stops the daemon with all of them")
    func droppedColumns() async throws {
      let first = try await Daemon.serving(database: "life_columns")
      #expect(try await first.stop() == 0)
      try await first.sql(
        "ALTER TABLE public.mst_desa DROP COLUMN alt_name;\nALTER TABLE public.mst_provinsi DROP COLUMN longitude;")
      let second = try Daemon(conninfo: try await first.conninfo)
      try await expectRefused(
        second, naming: "mst_desa: column alt_name is missing", "mst_provinsi: column longitude is missing")
    }

    @Test("Without PostgreSQL it answers UNAVAILABLE, and serves once PostgreSQL is there")
    func unreachable() async throws {
      let folder = try TemporaryFolder.make()
      try Reaper.watch(folder, binaries: try await ServerBinaries.find())
      let conninfo = try await made(in: folder)
      let daemon = try Daemon(conninfo: conninfo)
      let client = daemon.client
      try await eventually("a daemon that answers") { (try? await client.health()) != nil }
      #expect(try await client.health() == .notServing)
      let status = try daemon.connect().refusal("Provinsi/Get", Bytes.get(11))
      #expect(status.code == .unavailable && status.metadata["response_code"] == "5000002", "\(status)")
      #expect(try #require(status.retryDelayNanoseconds) > 0)
      #expect(!daemon.child.standardOutput.contains("ready"))
      let cluster = try await Cluster.start(in: folder, durable: false)
      try await daemon.ready()
      #expect(try await client.health() == .serving)
      #expect(try await client.provinsi.list().pagination.total == 0)
      #expect(try await daemon.stop() == 0)
      try await cluster.stop(.immediate)
    }

    /// Makes a cluster that does not run.
    private func made(in folder: String) async throws -> String {
      let cluster = try await Cluster.start(in: folder, durable: false)
      try await cluster.stop()
      return cluster.conninfo
    }

    @Test("It may be stopped while it waits for PostgreSQL")
    func stoppedWhileWaiting() async throws {
      let daemon = try Daemon(conninfo: "host=/nowhere dbname=none")
      let client = daemon.client
      try await eventually("a daemon that answers") { (try? await client.health()) == .notServing }
      #expect(try await daemon.stop() == 0)
    }

    @Test("It may be stopped while its preparations wait for another session's lock")
    func stoppedWhileLocked() async throws {
      let cluster = try await TestCluster.shared()
      let conninfo = try await cluster.database(named: "life_locked")
      let lock = "pg_advisory_lock(hashtextextended('bahari.schema_version', 0))"
      let holder = Task { _ = try? await cluster.execute("SELECT \(lock);\nSELECT pg_sleep(120);", in: "life_locked") }
      let locks = """
        FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """.replacing("\n", with: " ")
      func count(_ which: String) async throws -> String {
        try await cluster.execute("SELECT count(*) \(locks) AND \(which)", in: "life_locked")
      }
      try await eventually("the lock") { try await count("granted") == "1" }
      let daemon = try Daemon(conninfo: conninfo)
      try await eventually("a daemon that waits for the lock") { try await count("NOT granted") == "1" }
      #expect(try await daemon.stop() == 0)
      #expect(try await count("granted") == "1", "the lock was held all the time")
      try await cluster.execute("SELECT pg_terminate_backend(pid) \(locks) AND granted", in: "life_locked")
      await holder.value
    }

    @Test("When PostgreSQL ends all its sessions, it gets new ones by itself")
    func terminatedBackends() async throws {
      let daemon = try await Daemon.serving(database: "life_backends")
      try await daemon.sql(Regions.sql)
      let client = daemon.client
      for round in 0..<5 {
        // Every lane and pool has a session to lose.
        var row = Bahari_V1_Provinsi()
        (row.id, row.name) = (Int32(90 + round), "BARU")
        #expect(try await client.provinsi.create(row).data?.name == "BARU")
        #expect(try await client.desa.list().data.count == 10)
        #expect(try await client.desa.export().reduce(0) { count, _ in count + 1 } == 25)
        let others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        // It returns when they are gone: one that ends later would take a call along that comes after.
        let ended = try await daemon.sql(
          "SELECT count(pg_terminate_backend(pid, 5000)) \(others) AND backend_type = 'client backend'")
        #expect(Int(ended) ?? 0 >= 3)
        try await eventually("SERVING after the loss of all sessions") {
          guard try await client.health() == .serving, (try? await client.provinsi.get(11)) != nil else { return false }
          return (try? await client.desa.list()) != nil
        }
      }
      #expect(try await daemon.stop() == 0)
    }

    @Test("A table that is gone turns health NOT_SERVING until it is back")
    func lostTable() async throws {
      let daemon = try await Daemon.serving(database: "life_lost_table")
      let client = daemon.client
      try await daemon.sql("ALTER TABLE public.mst_role RENAME TO mst_role_away")
      await #expect(throws: BahariError.self) { _ = try await client.role.get(1) }
      #expect(try await client.health() == .notServing)
      #expect(try await client.provinsi.list().data.isEmpty, "the other tables are served")
      try await daemon.sql("ALTER TABLE public.mst_role_away RENAME TO mst_role")
      try await eventually("SERVING with the table back") { try await client.health() == .serving }
      #expect(try await daemon.stop() == 0)
    }

    @Test("With a PostgreSQL of its own, rows outlive the daemon")
    func embedded() async throws {
      let folder = try Place.fresh("data")
      for round in 0..<2 {
        let daemon = try Daemon(socket: try Place.fresh("sock"), ["--data-dir", folder])
        try await daemon.ready()
        let client = daemon.client
        if round == 0 {
          var row = Bahari_V1_Provinsi()
          (row.id, row.name) = (11, "ACEH")
          _ = try await client.provinsi.create(row)
        }
        #expect(try await client.provinsi.get(11).name == "ACEH")
        #expect(try await daemon.stop() == 0)
        #expect(!FileManager.default.fileExists(atPath: folder + "/postgres/data/postmaster.pid"))
      }
    }
  }
}
