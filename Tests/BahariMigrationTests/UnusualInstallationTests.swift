import BahariPostgres
import TestSupport
import Testing

@testable import BahariMigration

@Suite("Unusual installations are migrated and reported", .offPool) struct UnusualInstallationTests {
  @Test("views, functions and triggers of other programs") func dependents() async throws {
    let session = try await LegacyDatabase.session("oddity_dependents")
    try session.execute(
      """
      CREATE VIEW hadir AS SELECT p.nama, absensi.date FROM pegawai p JOIN absensi ON absensi.nip = p.nip;
      CREATE MATERIALIZED VIEW ringkas AS SELECT count(*) FROM pegawai;
      CREATE FUNCTION jumlah() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM pegawai JOIN roles r ON r.id = role_id';
      CREATE FUNCTION lain() RETURNS text LANGUAGE sql AS $$ SELECT 'subpegawai' $$;
      CREATE FUNCTION catat() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at = now(); RETURN NEW; END';
      CREATE TRIGGER catat BEFORE UPDATE ON pegawai FOR EACH ROW EXECUTE FUNCTION catat();
      CREATE TABLE gaji (pegawai_id int CONSTRAINT gaji_pegawai REFERENCES pegawai (id))
      """)
    let inspection = try Plan.read(session).inspection
    #expect(inspection.refusals.isEmpty)
    let found = inspection.dependents.map { "\($0.kind) \($0.name) \($0.tables.joined(separator: " ")) \($0.breaks)" }
    #expect(
      found == [
        "foreignKey gaji.gaji_pegawai pegawai false", "function jumlah() pegawai roles true",
        "trigger catat pegawai false", "view hadir absensi pegawai false", "view ringkas pegawai false",
      ])
    #expect(inspection.others == ["gaji", "hadir", "ringkas"])
    #expect(inspection.warnings.contains { $0.hasPrefix("the function jumlah() uses pegawai, roles by name") })
    let rows = try session.texts("SELECT nama, date::text FROM hadir ORDER BY 2")
    _ = try Migrator(session: session).run()
    #expect(try session.texts("SELECT nama, date::text FROM hadir ORDER BY 2") == rows)
    // Through the views under the old names.
    #expect(try session.column("SELECT jumlah()::text") == ["2"])
    // New values are restored without the trigger of the other program.
    try session.execute("UPDATE mst_pegawai SET no_hp = '1'; UPDATE mst_pegawai SET no_hp = '2' WHERE id = 1")
    let written = try Fingerprint.take(session)
    _ = try Undo(session: session).run()
    _ = try Migrator(session: session).run()
    #expect(try Fingerprint.take(session) == written)
    #expect(try session.column("SELECT no_hp FROM mst_pegawai ORDER BY id") == ["2", "1"])
    #expect(try session.column("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'catat'") == ["O"])
  }

  @Test("missing keys and indexes are created, and dropped again by undo") func missing()
    async throws
  {
    let session = try await LegacyDatabase.session("oddity_missing")
    try session.execute(
      """
      DROP INDEX idx_absensi_nip_date; DROP INDEX idx_villages_name_lower;
      ALTER TABLE pegawai DROP CONSTRAINT pegawai_email_unique;
      ALTER TABLE absensi DROP CONSTRAINT absensi_nip_pegawai_nip_fk, DROP CONSTRAINT absensi_pkey;
      ALTER TABLE absensi ALTER id DROP NOT NULL; ALTER TABLE regencies DROP CONSTRAINT regencies_province_id_provinces_id_fk
      """)
    let before = try CanonicalCatalog.read(session)
    let plan = try Plan.read(session)
    let names = [
      "idx_mst_desa_name_lower", "idx_trx_absensi_nip_date", "mst_kabupaten_province_id_mst_provinsi_id_fk",
      "mst_pegawai_email_unique", "trx_absensi_nip_mst_pegawai_nip_fk", "trx_absensi_pkey",
    ]
    #expect(plan.inspection.missing.map(\.name).sorted() == names)
    for name in names { #expect(plan.inspection.warnings.contains { $0.contains("\(name) is created") }) }
    #expect(try Migrator(session: session).run().made.map(\.name).sorted() == names)
    let found = try CanonicalCatalog.read(session)
    let fresh = DesignKeys.constraints.filter { line in names.contains { line.hasPrefix("\($0) ") } }
    #expect(fresh.count == 4)
    for line in fresh {
      let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
      let entry = found.entries.first { $0.kind == "constraint" && $0.name == parts[0] }
      #expect(entry?.table == parts[1] && entry?.detail == parts[2])
    }
    _ = try Undo(session: session).run()
    #expect(CanonicalCatalog.differences(expected: before, found: try CanonicalCatalog.read(session)).isEmpty)
  }

  @Test("extra columns, unusual names, comments, and keys of other names") func names() async throws {
    let session = try await LegacyDatabase.session("oddity_names")
    try session.execute(
      """
      ALTER TABLE pegawai ADD "Ukuran Topi" text DEFAULT 'M', ADD "order" int; COMMENT ON COLUMN pegawai."order" IS 'a''b';
      ALTER TABLE roles RENAME CONSTRAINT roles_pkey TO "Kunci Utama";
      CREATE INDEX "Indeks roles" ON roles (lower(nama_role)) WHERE id > 0; COMMENT ON TABLE roles IS 'peran';
      ALTER INDEX idx_absensi_nip RENAME TO absensi_by_nip; ALTER SEQUENCE roles_id_seq RENAME TO urutan;
      ALTER TABLE villages ALTER name SET STATISTICS 500, ALTER alt_name DROP NOT NULL;
      ALTER TABLE absensi ALTER status TYPE varchar(80)
      """)
    let plan = try Plan.read(session)
    #expect(plan.refusals.isEmpty && plan.inspection.missing.isEmpty)
    #expect(plan.inspection.extraColumns.map(\.column) == ["Ukuran Topi", "order"])
    #expect(
      plan.inspection.warnings.contains("pegawai.order (integer) is a column of this installation alone: it stays"))
    #expect(plan.inspection.warnings.contains("villages.alt_name admits NULL, unlike elsewhere: it stays so"))
    #expect(plan.inspection.warnings.contains { $0.hasPrefix("absensi.status is character varying(80)") })
    #expect(plan.renames.contains { $0.old == "absensi_by_nip" && $0.new == "trx_absensi_by_nip" })
    let before = try CanonicalCatalog.read(session)
    _ = try Migrator(session: session).run()
    let rows = try session.texts("SELECT \"Ukuran Topi\", coalesce(\"order\", 7)::text FROM pegawai ORDER BY id")
    #expect(rows == [["M", "7"], ["M", "7"]])
    #expect(try session.column("SELECT obj_description('mst_role'::regclass)") == ["peran"])
    #expect(try session.column("SELECT nextval('urutan')::text") == ["3"])
    _ = try Undo(session: session).run()
    #expect(CanonicalCatalog.differences(expected: before, found: try CanonicalCatalog.read(session)).isEmpty)
  }

  @Test("times that look local are reported") func times() async throws {
    let session = try await LegacyDatabase.session("oddity_times")
    #expect(try !Plan.read(session).inspection.warnings.contains { $0.contains("local") })
    try session.execute(
      """
      INSERT INTO absensi (date, nip, checkin, ci_latitude, ci_longitude)
        SELECT d, '00001', d + time '07:30', 1, 1 FROM generate_series('2024-01-01', '2024-01-20', interval '1 day') d;
      ALTER DATABASE legacy_oddity_times SET TimeZone = 'Asia/Jakarta'
      """)
    let other = try Session(
      .inPublic(try await TestCluster.shared().cluster.conninfo(database: "legacy_oddity_times")))
    let warnings = try Plan.read(other).inspection.warnings
    #expect(warnings.contains { $0.contains("20 of 22 check-ins") && $0.contains("look like local time") })
    #expect(warnings.contains { $0.contains("time zone is Asia/Jakarta") })
  }

  @Test("grants stay, and apply to the views; new tables belong to the tables' owner") func grants() async throws {
    let session = try await LegacyDatabase.session("oddity_grants")
    try session.execute("CREATE ROLE pemilik; CREATE ROLE pembaca; CREATE ROLE \"aplikasi lama\"")
    for table in LegacySchema.names { try session.execute("ALTER TABLE \(table) OWNER TO pemilik") }
    try session.execute(
      """
      GRANT SELECT ON pegawai TO pembaca WITH GRANT OPTION; GRANT SELECT (id, nama_role) ON roles TO pembaca;
      GRANT ALL ON roles TO "aplikasi lama"; GRANT USAGE ON SEQUENCE roles_id_seq TO "aplikasi lama"
      """)
    #expect(try Plan.read(session).inspection.grants.contains("pegawai: pembaca SELECT"))
    #expect(
      try Plan.read(session).inspection.warnings.contains { $0.contains("roles: pembaca has grants on some col") })
    _ = try Migrator(session: session).run()
    let owners = try session.column(
      """
      SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE n.nspname IN ('public', 'bahari') AND relkind IN ('r', 'v', 'S')
      """)
    #expect(owners == ["pemilik"])
    try session.execute("SET ROLE pembaca")
    #expect(try session.column("SELECT nama FROM pegawai ORDER BY id") == ["Siti", "Budi"])
    #expect(try session.column("SELECT nama_role FROM mst_role WHERE id = 1") == ["Admin"])
    // A view needs the right to all of its columns.
    #expect(throws: PostgresError.self) { try session.query("SELECT nama_role FROM roles") }
    #expect(throws: PostgresError.self) { try session.query("SELECT 1 FROM absensi") }
    try session.execute("SET ROLE \"aplikasi lama\"")
    try session.execute("INSERT INTO roles (level_role, nama_role) VALUES ('x', 'Baru')")
    try session.execute("UPDATE roles SET keterangan = 'lama' WHERE nama_role = 'Baru'; RESET ROLE")
    #expect(try session.column("SELECT keterangan FROM mst_role WHERE id = 3") == ["lama"])
    try session.execute(
      "DROP OWNED BY pemilik, pembaca, \"aplikasi lama\" CASCADE; DROP ROLE pemilik, pembaca, \"aplikasi lama\"")
  }

  @Test("the owner of the tables needs no superuser to migrate, to undo, to migrate again") func owner()
    async throws
  {
    let session = try await LegacyDatabase.session("oddity_owner")
    try session.execute("CREATE ROLE dinas; GRANT CREATE ON DATABASE legacy_oddity_owner TO dinas")
    try session.execute("GRANT CREATE ON SCHEMA public TO dinas")
    for table in LegacySchema.names { try session.execute("ALTER TABLE \(table) OWNER TO dinas") }
    try session.execute("SET ROLE dinas")
    let before = try Fingerprint.take(session)
    #expect(try Inspector.inspect(session).freeBytes == nil)
    _ = try Migrator(session: session).run()
    #expect(try Undo(session: session).run().fingerprints == before)
    #expect(try PhaseTests.migrate(session, views: true).after == before)
    #expect(try session.query("SELECT 1 FROM pegawai").count == 2)
    try session.execute("RESET ROLE; DROP OWNED BY dinas CASCADE; DROP ROLE dinas")
  }

  @Test(
    "old applications keep working: a statement prepared before the rename, an insert after it; then the views are dropped"
  )
  func compatibility() async throws {
    let conninfo = try await LegacyDatabase.conninfo("oddity_views")
    let session = try Session(.inPublic(conninfo))
    let old = try Session(.inPublic(conninfo))
    try old.execute("PREPARE nama AS SELECT nama FROM pegawai ORDER BY id")
    #expect(try old.column("EXECUTE nama") == ["Siti", "Budi"])
    let columns = try session.column(
      "SELECT attname::text FROM pg_attribute WHERE attrelid = 'pegawai'::regclass "
        + "AND attnum > 0 ORDER BY attnum")
    _ = try Migrator(session: session).run()
    #expect(try old.column("EXECUTE nama") == ["Siti", "Budi"])
    try old.execute(
      "INSERT INTO pegawai (nip, nama, email, jabatan, organisasi_id, role_id) VALUES ('9', 'Joko', 'j', 'x', 1, 1)")
    #expect(try old.texts("SELECT id::text, status_aktif::text FROM pegawai WHERE nip = '9'") == [["3", "true"]])
    #expect(
      try session.column(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = 'pegawai'::regclass AND attnum > 0 ORDER BY attnum")
        == columns)
    #expect(try CompatViews.present(session).visible == LegacySchema.names.sorted())
    #expect(try CompatViews.hide(session) == LegacySchema.names.sorted())
    let error = #expect(throws: PostgresError.self) { try old.query("SELECT 1 FROM pegawai") }
    #expect(error?.sqlState.code == "42P01")
    #expect(try CompatViews.reveal(session) == LegacySchema.names.sorted())
    #expect(try old.query("SELECT 1 FROM pegawai").count == 3)
    _ = try CompatViews.hide(session)
    #expect(try CompatViews.drop(session) == LegacySchema.names.sorted())
    #expect(try CompatViews.present(session) == ([], []))
    // The undo works without the views.
    _ = try Undo(session: session).run()
    #expect(try old.query("SELECT 1 FROM pegawai").count == 3)
  }
}
