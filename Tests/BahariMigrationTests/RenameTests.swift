import BahariPostgres
import TestSupport
import Testing

@testable import BahariMigration

@Suite("Renames", .offPool) struct RenameTests {
  @Test(
    "old table names become new ones wherever they occur, but for columns",
    arguments: [
      ("pegawai_pkey", ["id"], "mst_pegawai_pkey"),
      ("unit_pelaksanaan_teknis_id_seq", ["id"], "mst_upt_id_seq"),
      ("pegawai_role_id_roles_id_fk", ["role_id"], "mst_pegawai_role_id_mst_role_id_fk"),
      ("penyuluh_pegawai_id_pegawai_id_fk", ["pegawai_id"], "mst_penyuluh_pegawai_id_mst_pegawai_id_fk"),
      (
        "kelompok_nelayan_penyuluh_id_penyuluh_id_fk", ["penyuluh_id"],
        "mst_kelompok_nelayan_penyuluh_id_mst_penyuluh_id_fk"
      ),
      ("absensi_nip_pegawai_nip_fk", ["nip"], "trx_absensi_nip_mst_pegawai_nip_fk"),
      ("idx_absensi_nip_date", ["nip", "date"], "idx_trx_absensi_nip_date"),
      ("idx_villages_name_lower", ["name"], "idx_mst_desa_name_lower"),
      ("organisasi_nama_organisasi_idx", ["nama_organisasi"], "mst_organisasi_nama_organisasi_idx"),
      ("idx_mst_pegawai_nama", ["nama"], "idx_mst_pegawai_nama"),
      ("subvillages_name", ["name"], "subvillages_name"),
      ("kunci", ["id"], "kunci"),
    ])
  func names(_ old: String, _ columns: [String], _ new: String) {
    #expect(Rename.name(for: old, columns: columns) == new)
  }

  @Test("a name over 63 bytes, or one that is taken, loses the end of its table's name") func long() {
    let long = "kelompok_nelayan_gabungan_kelompok_id_kelompok_nelayan_id_fk"
    let new = "mst_kelompok_ne_gabungan_kelompok_id_mst_kelompok_nelayan_id_fk"
    #expect(Rename.name(for: long, columns: ["gabungan_kelompok_id"]) == new)
    #expect(new.utf8.count == 63)
    #expect(Rename.name(for: "roles_pkey", columns: ["id"], taken: ["mst_role_pkey"]) == "mst_rol_pkey")
  }

  @Test("the objects of a legacy database get the names of a fresh one") func read() async throws {
    let session = try await LegacyDatabase.session("rename_read")
    let renames = try Rename.read(session)
    #expect(renames.filter { $0.kind == .table }.map(\.old) == Rename.tables.map(\.old))
    #expect(renames.filter { $0.kind == .sequence }.count == 7)
    #expect(renames.filter { $0.kind == .index }.count == 13)
    // 11 primary keys, 4 unique keys, 3 + 1 + 2 + 3 + 4 + 1 foreign keys.
    #expect(renames.filter { $0.kind == .constraint }.count == 29)
    let fresh = Set((DesignKeys.indexes + DesignKeys.constraints).map { String($0.prefix { $0 != " " }) })
    #expect(renames.filter { $0.kind == .constraint || $0.kind == .index }.allSatisfy { fresh.contains($0.new) })
  }
}

@Suite("Fingerprints", .offPool) struct FingerprintTests {
  @Test("rows in another order have the same fingerprint, changed rows another") func order() async throws {
    let session = try await LegacyDatabase.session("fingerprint")
    let before = try Fingerprint.take(session)
    #expect(before.count == 11 && before.values.allSatisfy { $0.rows > 0 })
    // Rewritten in another order, read with other settings.
    try session.execute(
      """
      CREATE TEMPORARY TABLE kept AS SELECT * FROM absensi; DELETE FROM absensi;
      INSERT INTO absensi SELECT * FROM kept ORDER BY id DESC;
      SET DateStyle = 'German'; SET TimeZone = 'Asia/Jayapura'; SET extra_float_digits = 0
      """)
    #expect(Fingerprint.differences(before: before, after: try Fingerprint.take(session)).isEmpty)
    for change in [
      "UPDATE villages SET latitude = latitude + 1e-12 WHERE id = 1101012001",
      "UPDATE roles SET keterangan = NULL WHERE keterangan = ''",
      "DELETE FROM absensi WHERE id = 1",
      "UPDATE pegawai SET last_login = last_login + interval '1 microsecond'",
    ] {
      try session.execute("BEGIN; \(change)")
      let differences = Fingerprint.differences(before: before, after: try Fingerprint.take(session))
      #expect(differences.count == 1 && change.contains(differences[0].prefix { $0 != ":" }))
      try session.execute("ROLLBACK")
    }
  }

  @Test("new columns do not count, columns that only this installation has do") func columns() async throws {
    let session = try await LegacyDatabase.session("fingerprint_columns")
    let before = try Fingerprint.take(session)
    try session.execute("ALTER TABLE pegawai RENAME TO mst_pegawai; ALTER TABLE mst_pegawai ADD no_hp varchar(20)")
    #expect(try Fingerprint.take(session) == before)
    try session.execute("ALTER TABLE mst_pegawai ADD ukuran_topi text")
    #expect(Fingerprint.differences(before: before, after: try Fingerprint.take(session)).count == 1)
  }
}

@Suite("Canonical catalog", .offPool) struct CanonicalCatalogTests {
  @Test("a rename maps every line; differences are listed") func mapped() async throws {
    let session = try await LegacyDatabase.session("catalog")
    try session.execute(
      """
      CREATE VIEW laporan AS SELECT p.nama, absensi.date FROM pegawai p JOIN absensi ON absensi.nip = p.nip;
      CREATE FUNCTION catat() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER catat BEFORE UPDATE ON roles FOR EACH ROW EXECUTE FUNCTION catat();
      COMMENT ON TABLE villages IS 'desa'; COMMENT ON COLUMN villages.name IS 'nama'; GRANT SELECT ON roles TO public
      """)
    let before = try CanonicalCatalog.read(session)
    #expect(try CanonicalCatalog.read(session) == before)
    let columns = LegacySchema.tables.map(\.columns.count).reduce(0, +)
    #expect(before.entries.filter { $0.kind == "column" }.count == columns)
    let renames = try Rename.read(session)
    for rename in renames {
      let table = Identifier.qualified(Rename.new(rename.table))
      switch rename.kind {
      case .table: try session.execute("ALTER TABLE public.\(rename.old) RENAME TO \(rename.new)")
      case .constraint:
        try session.execute("ALTER TABLE \(table) RENAME CONSTRAINT \(rename.old) TO \(rename.new)")
      case .index, .sequence:
        try session.execute("ALTER \(rename.kind.rawValue) public.\(rename.old) RENAME TO \(rename.new)")
      }
    }
    let after = try CanonicalCatalog.read(session)
    #expect(CanonicalCatalog.differences(expected: before.renamed(by: renames), found: after).isEmpty)
    #expect(!CanonicalCatalog.differences(expected: before, found: after).isEmpty)
    try session.execute("DROP TRIGGER catat ON mst_role; REVOKE SELECT ON mst_role FROM public")
    let differences = CanonicalCatalog.differences(
      expected: after, found: try CanonicalCatalog.read(session))
    #expect(
      differences == [
        "missing: grant mst_role public SELECT",
        "missing: trigger mst_role.catat CREATE TRIGGER catat BEFORE UPDATE ON public.mst_role FOR EACH ROW "
          + "EXECUTE FUNCTION public.catat()",
      ])
  }
}
