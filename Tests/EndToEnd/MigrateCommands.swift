import BahariCluster
import BahariMigration
import BahariPostgres
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// `baharid migrate`, from the plan to the undo, as an administrator runs it.
  @Suite(.startsDaemons) struct MigrateCommands {
    @Test("Run, verify, undo and run again: every value of the old columns is the same, byte for byte")
    func roundTrip() async throws {
      let old = try await OldDatabase("migrate_round")
      try await roundTrip(old, "--rehearse")
    }

    @Test(
      "The same with the real regions and the demo's rows in all tables",
      .enabled(if: SharedData.exists, "needs ../shared/data/wilayah"))
    func fullScale() async throws {
      let conninfo = try await TestCluster.shared().database(named: "migrate_full")
      let old = OldDatabase("migrate_full", conninfo)
      let made = try await OldDatabase.baharid(["demo", "--old-tables", "--database", conninfo])
      #expect(made.exit == 0, "\(made.error)")
      try await old.sql("DELETE FROM villages;\nDELETE FROM districts;\nDELETE FROM regencies;\n")
      try await old.sql(
        """
        CREATE TABLE asli (LIKE provinces);
        \\copy asli FROM '\(SharedData.wilayah)/provinces.csv' CSV HEADER
        INSERT INTO provinces SELECT * FROM asli ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name;
        DROP TABLE asli;
        """)
      for table in ["regencies", "districts", "villages"] {
        try await old.sql(
          "\\copy \(table) FROM '\(SharedData.wilayah)/\(table).csv' CSV HEADER FORCE NOT NULL alt_name")
      }
      #expect(try await old.sql("SELECT count(*) FROM villages") == "83467")
      try await roundTrip(old)
    }

    private func roundTrip(_ old: OldDatabase, _ more: String...) async throws {
      let before = try await old.export(renamed: false)
      #expect(before.values.allSatisfy { !$0.isEmpty })
      let plan = try await old.migrate("plan", "--sql")
      #expect(plan.exit == 0 && plan.output.contains("ALTER TABLE public.villages RENAME TO mst_desa"), "\(plan.error)")
      let (backups, reports) = (try Place.fresh("backups"), try Place.fresh("reports"))
      let folders = ["--backup-dir", backups, "--report-dir", reports]
      let ran = try await OldDatabase.baharid(
        ["migrate", "run", "--database", old.conninfo] + folders + more)
      #expect(ran.exit == 0, "\(ran.output) \(ran.error)")
      #expect(try await old.export(renamed: true) == before)
      try expectReport(in: reports, rehearsed: more.contains("--rehearse"))
      let verified = try await old.migrate("verify")
      #expect(verified.exit == 0 && verified.output.contains("values of 11 equal"), "\(verified.output)")
      #expect(verified.output.contains("22 services answered"))
      let undone = try await old.migrate("undo")
      #expect(undone.exit == 0, "\(undone.error)")
      #expect((undone.output + undone.error).contains("the schema is that of before the migration"))
      #expect(try await old.export(renamed: false) == before)
      let again = try await old.migrate("run", "--phased", "--no-backup", "--report-dir", reports)
      #expect(again.exit == 0, "\(again.output) \(again.error)")
      #expect(try await old.export(renamed: true) == before)
      #expect(try await old.migrate("verify").exit == 0)
      try await restored(from: backups, old, before)
    }

    /// Only items that were done are ticked, and the checklists are complete.
    private func expectReport(in folder: String, rehearsed: Bool) throws {
      let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      let name = try #require(files.first { $0.hasSuffix(".md") })
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      let items = text.split(separator: "\n").filter { $0.hasPrefix("- [") }
      #expect(items.count == 24)
      let ticked = items.filter { $0.hasPrefix("- [x]") }
      #expect(ticked.count == (rehearsed ? 15 : 13), "\(ticked.joined(separator: "\n"))")
      for open in ["All tests passing", "User acceptance", "Error logs", "Application started"] {
        #expect(items.contains { $0.hasPrefix("- [ ] \(open)") }, "\(open)")
      }
      let log = try #require(files.first { $0.hasSuffix(".log") })
      let lines = try String(contentsOfFile: "\(folder)/\(log)", encoding: .utf8)
      #expect(lines.contains("ALTER TABLE public.villages RENAME TO mst_desa"))
    }

    private func restored(from folder: String, _ old: OldDatabase, _ before: [String: Data]) async throws {
      let dump = try #require(
        try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".dump") })
      let name = "\(old.name)_restored"
      let ran = try await old.migrate("restore", "--backup", "\(folder)/\(dump)", "--into", name)
      #expect(ran.exit == 0, "\(ran.error)")
      let cluster = try await TestCluster.shared()
      let copy = OldDatabase(name, cluster.cluster.conninfo(database: name))
      #expect(try await copy.export(renamed: false) == before)
      let twice = try await old.migrate("restore", "--backup", "\(folder)/\(dump)", "--into", name)
      #expect(twice.exit == 1 && twice.error.contains("never restored over one"), "\(twice.error)")
      try await cluster.execute("DROP DATABASE \"\(name)\"")
    }

    // MARK: Other installations

    @Test("A dump restored under another owner and with another search path migrates, too")
    func otherOwner() async throws {
      let cluster = try await TestCluster.shared()
      let old = try await OldDatabase("migrate_owner")
      let before = try await old.export(renamed: false)
      try await cluster.execute("DROP ROLE IF EXISTS dinas_lama;\nCREATE ROLE dinas_lama LOGIN CREATEDB;")
      let tables = LegacySchema.names.map { "ALTER TABLE public.\($0) OWNER TO dinas_lama;" }.joined(separator: "\n")
      try await old.sql(
        tables + "\nALTER DATABASE migrate_owner OWNER TO dinas_lama;\nALTER SCHEMA public OWNER TO dinas_lama;\n"
          + "ALTER ROLE dinas_lama IN DATABASE migrate_owner SET search_path = pg_temp, nowhere;\n"
          + "ALTER DATABASE migrate_owner SET search_path = elsewhere;\n"
          + "ALTER ROLE dinas_lama SET default_transaction_read_only = on;\n"
          + "ALTER ROLE dinas_lama SET default_transaction_isolation = 'serializable';")
      var conninfo = try Conninfo(old.conninfo)
      conninfo["user"] = "dinas_lama"
      let theirs = OldDatabase("migrate_owner", conninfo.text)
      let backups = try Place.fresh("backups")
      let ran = try await theirs.migrate("run", "--backup-dir", backups, "--report-dir", backups, "--rehearse")
      #expect(ran.exit == 0, "\(ran.output) \(ran.error)")
      #expect(try await old.export(renamed: true) == before)
      #expect(
        try await old.sql("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'") == "dinas_lama")
      let undone = try await theirs.migrate("undo")
      #expect(undone.exit == 0, "\(undone.error)")
      #expect(try await old.export(renamed: false) == before)
    }

    @Test("A reason to refuse is reported before anything is done, and the administrator is alerted")
    func refused() async throws {
      let old = try await OldDatabase("migrate_refused")
      try await old.sql(
        """
        ALTER TABLE regencies DROP CONSTRAINT regencies_province_id_provinces_id_fk;
        UPDATE regencies SET province_id = 98 WHERE id = (SELECT min(id) FROM regencies);
        """)
      let folder = try Place.fresh("reports")
      let alert = try Place.fresh("alert")
      let ran = try await old.migrate(
        "run", "--no-backup", "--report-dir", folder, "--on-alert",
        "printf '%s|%s' \"$1\" \"$BAHARI_ALERT_DATABASE\" > \(alert)")
      #expect(ran.exit == 3 && ran.error.contains("regencies"), "\(ran.error)")
      let message = try String(contentsOfFile: alert, encoding: .utf8)
      #expect(message.contains("regencies") && message.hasSuffix("|migrate_refused"), "\(message)")
      #expect(try await old.migrate("plan").exit == 3)
      #expect(try await old.sql("SELECT to_regnamespace('bahari') IS NULL") == "t")
    }

    @Test("A statement that fails is named in the alert, and the database is as before")
    func failing() async throws {
      let old = try await OldDatabase("migrate_failing")
      let before = try Snapshot.take(try old.session())
      // The plan cannot see this: an event trigger refuses the rename.
      try await old.sql(
        """
        CREATE FUNCTION larang() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF current_query() LIKE '%mst_penyuluh%' AND current_query() LIKE '%RENAME TO%' THEN RAISE 'dilarang'; END IF; END $$;
        CREATE EVENT TRIGGER larang ON ddl_command_end EXECUTE FUNCTION larang();
        """)
      let alert = try Place.fresh("alert")
      let ran = try await old.migrate(
        "run", "--no-backup", "--report-dir", try Place.fresh("reports"), "--on-alert",
        "printf '%s|%s' \"$BAHARI_ALERT_PHASE\" \"$BAHARI_ALERT_STATEMENT\" > \(alert)")
      #expect(ran.exit == 4 && ran.error.contains("dilarang"), "\(ran.output) \(ran.error)")
      #expect(try String(contentsOfFile: alert, encoding: .utf8).hasPrefix("2|ALTER TABLE public.penyuluh RENAME TO"))
      try await old.sql("DROP EVENT TRIGGER larang;\nDROP FUNCTION larang();")
      let after = try Snapshot.take(try old.session())
      #expect(after.fingerprints == before.fingerprints && after.catalog.lines == before.catalog.lines)
    }

    // MARK: The old names, and SIGTERM

    @Test("Views under the old names are hidden, shown again and dropped, and the undo still works")
    func views() async throws {
      let old = try await OldDatabase("migrate_views")
      let reports = try Place.fresh("reports")
      #expect(try await old.migrate("run", "--no-backup", "--report-dir", reports).exit == 0)
      let count = "SELECT count(*) > 0 FROM pegawai"
      #expect(try await old.sql(count) == "t")
      #expect(try await old.migrate("run", "--hide-views").exit == 0)
      await #expect(throws: Psql.Failure.self) { try await old.sql(count) }
      #expect(try await old.migrate("run", "--show-views").output.contains("villages: back"))
      #expect(try await old.sql(count) == "t")
      #expect(try await old.migrate("run", "--contract").exit == 0)
      await #expect(throws: Psql.Failure.self) { try await old.sql(count) }
      #expect(try await old.migrate("undo").exit == 0)
      #expect(try await old.sql(count) == "t")
    }

    @Test("SIGTERM in the middle rolls back, and stops the private PostgreSQL, too")
    func stopped() async throws {
      let folder = try Place.fresh("private")
      try Reaper.watch(folder + "/postgres", binaries: try await ServerBinaries.find())
      let made = try await OldDatabase.baharid(["demo", "--old-tables", "--data-dir", folder])
      #expect(made.exit == 0, "\(made.error)")
      let steps = try StepListener()
      let child = try Child(
        "baharid",
        ["migrate", "run", "--no-backup", "--data-dir", folder, "--step-socket", steps.path])
      for _ in 0..<40 {
        _ = try #require(try await steps.next())
        steps.go()
      }
      _ = try await steps.next()
      child.signal(SIGTERM)
      try await eventually("the message") { child.standardError.contains("stopping: what is not committed") }
      steps.hangUp()
      #expect(try await child.end() == 4, "\(child.standardOutput) \(child.standardError)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/postgres/data/postmaster.pid"))
      let status = try await OldDatabase.baharid(["migrate", "status", "--data-dir", folder])
      #expect(status.exit == 0 && status.output.contains("to be migrated"), "\(status.output) \(status.error)")
    }

    // MARK: Planted faults

    @Test("A backup whose restored copy differs keeps the migration from beginning")
    func badBackup() async throws {
      let old = try await OldDatabase("migrate_backup")
      let before = try await old.export(renamed: false)
      let real = try await TestCluster.shared().cluster.binaries.folder
      let folder = try Place.fresh("programs")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let dump = "#!/bin/bash\nexec \(real)/pg_dump \"$@\"\n"
      let restore = """
        #!/bin/bash
        \(real)/pg_restore "$@" || exit 1
        [ "$1" = --version ] && exit 0
        while [ "$1" != --dbname ]; do shift; done
        exec \(real)/psql -X -q -d "$2" -c "DELETE FROM public.absensi WHERE id = (SELECT max(id) FROM public.absensi)"

        """
      for (name, text) in [("pg_dump", dump), ("pg_restore", restore)] {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        chmod("\(folder)/\(name)", 0o755)
      }
      let backups = try Place.fresh("backups")
      let ran = try await old.migrate("run", "--backup-dir", backups, "--report-dir", backups, path: folder)
      #expect(ran.exit == 7 && ran.error.contains("public.absensi"), "\(ran.output) \(ran.error)")
      #expect(try await old.export(renamed: false) == before)
      #expect(try await old.sql("SELECT to_regnamespace('bahari') IS NULL") == "t")
    }

    @Test(
      "A disk that is too small for the backup is refused before it begins",
      .enabled(if: SmallDisk.canBeMade, "needs root, to mount a small disk"))
    func smallDisk() async throws {
      let old = try await OldDatabase("migrate_disk")
      let disk = try SmallDisk(megabytes: 1)
      let ran = try await old.migrate("backup", "--backup-dir", disk.folder)
      #expect(ran.exit == 7 && ran.error.contains("may be needed"), "\(ran.error)")
    }

    @Test("Rows that go missing after the migration are a reason for rollback, and rows that were written are not")
    func verification() async throws {
      let old = try await OldDatabase("migrate_verify")
      let folder = try Place.fresh("reports")
      #expect(try await old.migrate("run", "--no-backup", "--report-dir", folder).exit == 0)
      try await old.sql("INSERT INTO public.mst_role (level_role, nama_role) VALUES ('Pusat', 'Baru')")
      let written = try await old.migrate("verify")
      #expect(written.exit == 0 && written.output.contains("1 of them were written and 0 deleted"), "\(written.output)")
      try await old.sql("DELETE FROM public.trx_absensi WHERE id = 2")
      let deleted = try await old.migrate("verify")
      #expect(deleted.exit == 0 && deleted.output.contains("0 of them were written and 1 deleted"), "\(deleted.output)")
      // A row that is gone without a counted delete.
      try await old.sql("SET track_counts = off;\nDELETE FROM public.trx_absensi WHERE id = 1;")
      let lost = try await old.migrate("verify", "--report-dir", folder)
      #expect(
        lost.exit == 8 && lost.output.contains("rollback advised: row count mismatch: trx_absensi"), "\(lost.output)")
      try await old.sql(
        "ALTER TABLE public.mst_kapal DROP COLUMN mesin_pk;\nDROP INDEX public.idx_mst_desa_name_lower;")
      let broken = try await old.migrate("verify", "--json")
      #expect(broken.exit == 8)
      let report = try #require(try broken.json["verification"] as? [String: Any])
      let reasons = try #require(report["rollbackReasons"] as? [String])
      #expect(reasons.contains { $0.contains("mst_kapal: column mesin_pk is missing") }, "\(reasons)")
      let differences = try #require(report["catalogDifferences"] as? [String])
      #expect(differences.contains { $0.contains("idx_mst_desa_name_lower") }, "\(differences)")
    }
  }
}
