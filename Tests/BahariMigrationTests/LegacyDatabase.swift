import BahariPostgres
import TestSupport

@testable import BahariMigration

/// Legacy databases for tests: made once, copied for each.
enum LegacyDatabase {
  private static let template = Task(executorPreference: BlockingExecutor.shared) {
    let cluster = try await TestCluster.shared()
    try await cluster.template(named: "legacy_template") { conninfo in
      let session = try Session(.inPublic(conninfo))
      for statement in LegacySchema.statements { try session.execute(statement) }
      try session.execute(rows)
    }
    return "legacy_template"
  }

  /// A session in a copy of a legacy database with some rows in every table.
  static func session(_ name: String) async throws -> Session {
    try Session(.inPublic(try await conninfo(name)))
  }

  static func conninfo(_ name: String) async throws -> String {
    try await TestCluster.shared().database(named: "legacy_\(name)", from: try await template.value)
  }

  static let rows = """
    INSERT INTO provinces VALUES (11, 'Aceh', 'Nanggroe', 4.36, 97.03), (53, 'Nusa Tenggara Timur', NULL, NULL, NULL);
    INSERT INTO regencies VALUES (1101, 11, 'Simeulue', '', 2.6, 96.08), (5301, 53, 'Kupang', 'Timor', 0, 0);
    INSERT INTO districts VALUES (110101, 1101, 'Teupah', '', 0, 0), (530101, 5301, 'Semau', '', -10.2, 123.3);
    INSERT INTO villages VALUES (1101012001, 110101, 'Latiung', '', 2.4, 96.2), (5301012001, 530101, 'Uiasa', '', 0, 0);
    INSERT INTO unit_pelaksanaan_teknis (nama_organisasi, pimpinan, province_id)
      VALUES ('UPT Lampulo', 'T. Umar', 11), ('UPT Kupang', 'O''Neil "Oni"', 53);
    INSERT INTO organisasi (level_organisasi, kode_organisasi, nama_organisasi) VALUES ('Pusat', 'P1', 'Ditjen');
    INSERT INTO roles (level_role, nama_role, keterangan) VALUES ('admin', 'Admin', NULL), ('penyuluh', 'Penyuluh', '');
    INSERT INTO pegawai (nip, nama, email, jabatan, organisasi_id, role_id, last_login) VALUES
      ('00001', 'Siti', 'siti@kkp.id', 'Penyuluh', 1, 2, '2024-01-05 02:03:04.567'),
      ('00002', 'Budi', 'budi@kkp.id', 'Kepala', 1, 1, NULL);
    INSERT INTO penyuluh (pegawai_id, upt_id, province_id, program_prioritas) VALUES (1, 1, 11, 'Lobster'), (2, 2, 53, NULL);
    INSERT INTO kelompok_nelayan
      (nib_kelompok, no_registrasi, nama_kelompok, nik_ketua, nama_ketua, upt_id, province_id, penyuluh_id,
        gabungan_kelompok_id) VALUES
      ('N1', 'R1', 'Mina Jaya', '1101', 'Ali', 1, 11, 1, NULL), ('N2', 'R2', 'Laut Biru', '5301', 'Yos', 2, 53, 2, 1);
    INSERT INTO absensi (date, nip, checkin, ci_latitude, ci_longitude, checkout, working_hours, status) VALUES
      ('2024-03-01', '00001', '2024-03-01 01:00', 5.5, 95.3, '2024-03-01 09:10', 8.17, 'Tepat Waktu'),
      ('2024-03-02', '00001', '2024-03-02 01:00', 5.5, 95.3, NULL, NULL, 'Masih Berjalan');
    """
}
