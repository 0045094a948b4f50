import BahariPostgres
import TestSupport
import Testing

@testable import BahariMigration

@Suite("Undo", .offPool) struct UndoTests {
  /// The schema `public` without the extension, which stays.
  private func catalog(_ session: Session) throws -> CanonicalCatalog { try CanonicalCatalog.read(session) }

  @Test(
    "an undo after any phase restores the legacy database, and a second migration works",
    arguments: Phase.all.map(\.number))
  func fromAfter(_ phase: Int) async throws {
    let session = try await LegacyDatabase.session("undo_\(phase)")
    let (before, fingerprints) = (try catalog(session), try Fingerprint.take(session))
    _ = try PhaseTests.migrate(session, through: phase, views: true)
    let result = try Undo(session: session).run()
    #expect(result.phases == (1...phase).reversed())
    #expect(result.fingerprints == fingerprints && result.catalogDifferences == [])
    #expect(try Fingerprint.take(session) == fingerprints)
    #expect(CanonicalCatalog.differences(expected: before, found: try catalog(session)).isEmpty)
    #expect(try Inspector.inspect(session).state == .legacy)
    #expect(try Ledger.applied(session).isEmpty)
    let error = #expect(throws: SchemaError.self) { try SchemaVersions.migrate(session) }
    #expect(try #require(error).description.contains("baharid migrate plan"))
    _ = try Migrator(session: session).run()
    #expect(try Fingerprint.take(session) == fingerprints)
    #expect(try SchemaVersions.migrate(session) == .current)
  }

  @Test("a change of the schema since the migration stays, and is reported") func changedSince() async throws {
    let session = try await LegacyDatabase.session("undo_changed")
    var options = Migrator.Options()
    // Also after a migration that stopped and was continued.
    (options.mode, options.through) = (.phased, 3)
    _ = try Migrator(session: session, options: options).run()
    options.through = 8
    _ = try Migrator(session: session, options: options).run()
    try session.execute("CREATE INDEX own ON mst_desa (alt_name); GRANT SELECT ON mst_desa TO PUBLIC")
    let changes = try #require(try Undo(session: session).run().catalogDifferences)
    #expect(changes.count == 2, "\(changes)")
    #expect(changes.contains { $0.hasPrefix("unexpected: index villages.own") }, "\(changes)")
    #expect(changes.contains { $0.hasPrefix("unexpected: grant villages") }, "\(changes)")
    // Earlier versions did not record the catalog.
    _ = try Migrator(session: session).run()
    try session.execute("UPDATE bahari.migration_record SET record = record - 'legacyCatalog'")
    #expect(try Undo(session: session).run().catalogDifferences == nil)
  }

  @Test("rows written since stay; new tables and values are kept, and restored by the next migration")
  func afterWrites() async throws {
    let session = try await LegacyDatabase.session("undo_writes")
    _ = try Migrator(session: session).run()
    try session.execute(
      """
      INSERT INTO mst_jenis_usaha (kode_jenis_usaha, nama_jenis_usaha, kategori) VALUES ('JU1', 'Tangkap', 'Tangkap');
      UPDATE mst_kelompok_nelayan SET jenis_usaha_id = 1, alamat = 'Jl. O''Hara', luas_lahan = 12.5 WHERE id = 2;
      INSERT INTO mst_kapal (kelompok_nelayan_id, no_registrasi_kapal, nama_kapal, jenis_kapal)
        VALUES (2, 'K1', 'Bahari', 'Motor'), (1, 'K2', 'Jaya', 'Motor');
      DELETE FROM mst_kapal WHERE no_registrasi_kapal = 'K1';
      INSERT INTO mst_provinsi (id, name) VALUES (94, 'Papua');
      INSERT INTO pegawai (nip, nama, email, jabatan, organisasi_id, role_id) VALUES ('3', 'Ani', 'a@k', 'x', 1, 1);
      UPDATE mst_pegawai SET no_hp = '0811' WHERE nip = '3';
      INSERT INTO bahari.request_log (uid, service, method, request_id, payload_hash, reply)
        VALUES (1, 's', 'm', 'r', '\\x00', '\\x01')
      """)
    let after = try Fingerprint.take(session)
    let result = try Undo(session: session).run()
    #expect(
      result.kept.filter { $0.value > 0 } == [
        "mst_jenis_usaha": 1, "mst_kapal": 1, "mst_kelompok_nelayan": 1, "mst_pegawai": 1, "request_log": 1,
      ])
    #expect(result.fingerprints == after)
    #expect(try session.column("SELECT name FROM provinces WHERE id = 94") == ["Papua"])
    // Kept tables do not restrict the old service.
    try session.execute("DELETE FROM kelompok_nelayan WHERE id = 2")
    try session.execute("INSERT INTO kelompok_nelayan SELECT 2, 'N2', 'R2', 'a', 'b', 'c', 2, 53, 2, NULL, 1")
    #expect(try Migrator(session: session).run().restored.contains("mst_kapal"))
    #expect(try session.column("SELECT no_hp FROM mst_pegawai WHERE nip = '3'") == ["0811"])
    #expect(
      try session.texts("SELECT jenis_usaha_id::text, alamat, luas_lahan::text FROM mst_kelompok_nelayan WHERE id = 2")
        == [["1", "Jl. O'Hara", "12.50"]])
    #expect(try session.texts("SELECT id::text, nama_kapal FROM mst_kapal") == [["2", "Jaya"]])
    #expect(try session.column("SELECT nextval('mst_kapal_id_seq')::text") == ["3"])
    #expect(try session.column("SELECT request_id FROM bahari.request_log") == ["r"])
    #expect(try Kept.read(session).isEmpty)
    // And once more.
    #expect(try Undo(session: session).run().kept["mst_kapal"] == 1)
  }

  @Test("kept rows whose legacy rows are gone stop the next migration, with their ids") func keptOrphans() async throws
  {
    let session = try await LegacyDatabase.session("undo_orphans")
    _ = try Migrator(session: session).run()
    try session.execute(
      """
      INSERT INTO mst_kapal (kelompok_nelayan_id, no_registrasi_kapal, nama_kapal, jenis_kapal)
        VALUES (2, 'K1', 'Bahari', 'Motor')
      """)
    _ = try Undo(session: session).run()
    try session.execute("DELETE FROM kelompok_nelayan WHERE id = 2")
    let refusal = #expect(throws: MigrationRefusal.self) { try Migrator(session: session).run() }
    let found = try #require(refusal).refusals
    #expect(found.map(\.reason) == [.kept] && found[0].ids == ["1"] && found[0].table == "mst_kapal")
  }

  @Test("kept values of rows that are gone stop the next migration, too") func keptValues() async throws {
    let session = try await LegacyDatabase.session("undo_values")
    _ = try Migrator(session: session).run()
    try session.execute("UPDATE mst_penyuluh SET spesialisasi = 'Tangkap'")
    _ = try Undo(session: session).run()
    try session.execute("DELETE FROM kelompok_nelayan WHERE penyuluh_id = 2; DELETE FROM penyuluh WHERE id = 2")
    let found = try Plan.read(session).refusals
    #expect(found.map(\.reason) == [.kept] && found[0].ids == ["2"] && found[0].column == "id")
    try session.execute("DELETE FROM bahari_undone.mst_penyuluh WHERE id = 2")
    _ = try Migrator(session: session).run()
    #expect(try session.column("SELECT spesialisasi FROM mst_penyuluh") == ["Tangkap"])
  }

  @Test("undone, migrated in part and undone again, everything that was kept is still there") func inPart() async throws
  {
    let session = try await LegacyDatabase.session("undo_in_part")
    _ = try Migrator(session: session).run()
    try session.execute(
      """
      UPDATE mst_pegawai SET alamat = 'Jl. ' || id;
      INSERT INTO mst_jenis_pelatihan (kode_jenis_pelatihan, nama_jenis_pelatihan, kategori) VALUES ('JP', 'n', 'k');
      INSERT INTO trx_pelatihan (no_pelatihan, jenis_pelatihan_id, nama_pelatihan, penyelenggara, tanggal_mulai,
        tanggal_selesai, lokasi, target_peserta) VALUES ('P1', 1, 'n', 'p', '2024-01-01', '2024-01-02', 'l', 5)
      """)
    for phase in [4, 5, 6, 7] {
      _ = try Undo(session: session).run()
      #expect(try PhaseTests.migrate(session, through: phase).restored.contains("mst_pegawai"))
      #expect(try session.query("SELECT 1 FROM mst_pegawai WHERE alamat = 'Jl. ' || id").count == 2)
    }
    _ = try Undo(session: session).run()
    _ = try Migrator(session: session).run()
    let sql = "SELECT p.no_pelatihan FROM trx_pelatihan p JOIN mst_jenis_pelatihan j ON j.id = p.jenis_pelatihan_id"
    #expect(try session.column(sql) == ["P1"])
  }

  @Test("without a migration there is nothing to undo, and an edited ledger is not run") func refused() async throws {
    let session = try await LegacyDatabase.session("undo_refused")
    let nothing = #expect(throws: MigrationRefusal.self) { try Undo(session: session).run() }
    #expect(try #require(nothing).description.contains("nothing to undo"))
    _ = try Migrator(session: session).run()
    try session.execute(
      "UPDATE bahari.migration_ledger SET undo = ARRAY['DROP TABLE public.mst_pegawai CASCADE'] WHERE phase = 2")
    let edited = #expect(throws: MigrationRefusal.self) { try Undo(session: session).run() }
    #expect(try #require(edited).refusals.map(\.reason) == [.editedPhase])
    #expect(try #require(edited).description.contains("phase 2"))
    #expect(try session.query("SELECT 1 FROM mst_pegawai").count == 2)
  }

  @Test("an object that forbids an undo is reported, and nothing is undone") func obstructed() async throws {
    let session = try await LegacyDatabase.session("undo_obstructed")
    _ = try Migrator(session: session).run()
    try session.execute("CREATE VIEW alamat_pegawai AS SELECT nama, alamat FROM mst_pegawai")
    let failure = #expect(throws: MigrationFailure.self) { try Undo(session: session).run() }
    #expect(try #require(failure).description.contains("DROP COLUMN no_hp"))
    #expect(try Ledger.applied(session).count == 8)
    #expect(try Inspector.inspect(session).state == .current)
  }
}
