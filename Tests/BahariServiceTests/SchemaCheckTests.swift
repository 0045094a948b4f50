import BahariCatalog
import BahariPostgres
import TestSupport
import Testing

@testable import BahariService

@Suite("Schema check", .ownDatabases) struct SchemaCheckTests {
  /// Everything that differs once `sql` has run.
  private func differences(_ name: String, _ sql: String) async throws -> [String] {
    let session = try await MigratedDatabase.make("check_\(name)").session()
    try session.execute(sql)
    do {
      _ = try Resources(Catalog.tables, try LiveSchema(session))
      return []
    } catch let found as SchemaDifferences {
      return found.lines
    }
  }

  @Test(
    "a difference is listed by name",
    arguments: [
      ("table", "DROP TABLE public.mst_desa", ["mst_desa: the database has no table public.mst_desa"]),
      ("column", "ALTER TABLE public.mst_provinsi DROP alt_name", ["mst_provinsi: column alt_name is missing"]),
      (
        "type", "ALTER TABLE public.mst_desa ALTER latitude TYPE numeric",
        ["mst_desa: column latitude is numeric, which does not fit the message's double"]
      ),
      (
        "mandatory", "ALTER TABLE public.mst_desa ADD luas int NOT NULL",
        ["mst_desa: column luas is mandatory and the message has no field for it"]
      ),
      (
        "ids", "ALTER TABLE public.mst_penyuluh ALTER wilayah_binaan TYPE int USING 1",
        ["mst_penyuluh: column wilayah_binaan is integer, which does not fit the message's repeated int64"]
      ),
      (
        "timestamp", "ALTER TABLE public.trx_absensi ALTER checkin TYPE timestamp with time zone",
        ["trx_absensi: column checkin is timestamp with time zone"]
      ),
      (
        "natural", "ALTER TABLE public.mst_kapal DROP CONSTRAINT mst_kapal_no_registrasi_kapal_key",
        ["mst_kapal: the natural key no_registrasi_kapal is not unique"]
      ),
      ("nothing", "SELECT 1", []),
      ("extra", "CREATE TABLE public.lain (id int); ALTER TABLE public.mst_desa ADD luas int", []),
      ("extra_default", "ALTER TABLE public.mst_desa ADD luas int NOT NULL DEFAULT 0", []),
    ])
  func told(_ name: String, _ sql: String, _ expected: [String]) async throws {
    let found = try await differences(name, sql)
    for line in expected { #expect(found.contains { $0.contains(line) }, "\(line) in \(found)") }
    #expect(found.isEmpty == expected.isEmpty, "\(found)")
  }

  @Test("a dropped key, and a joined name whose way is cut") func keys() async throws {
    let unique = try await differences("unique", "ALTER TABLE public.mst_desa DROP CONSTRAINT mst_desa_pkey")
    #expect(unique.contains("mst_desa: column id is not unique"))
    let path = try await differences(
      "path", "ALTER TABLE public.mst_kabupaten DROP CONSTRAINT mst_kabupaten_province_id_mst_provinsi_id_fk")
    #expect(path == ["mst_desa: province_name: mst_kabupaten.province_id refers to no table"])
  }

  @Test("several differences are listed at once") func several() async throws {
    let found = try await differences(
      "several", "ALTER TABLE public.mst_provinsi DROP alt_name, DROP latitude; DROP TABLE public.mst_desa")
    for name in ["alt_name is missing", "latitude is missing", "no table public.mst_desa"] {
      #expect(found.contains { $0.contains(name) })
    }
  }
}
