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
      (
        "referencing", "ALTER TABLE public.mst_desa DISABLE TRIGGER ALL",
        ["mst_desa: triggers of the key mst_desa_district_id_mst_kecamatan_id_fk are disabled"]
      ),
      (
        "referenced", "ALTER TABLE public.mst_kecamatan DISABLE TRIGGER ALL",
        ["mst_kecamatan: triggers of the key mst_desa_district_id_mst_kecamatan_id_fk are disabled"]
      ),
      (
        "replica", "SET session_replication_role = replica",
        ["session_replication_role is 'replica' in the daemon's sessions: run ALTER ROLE bahari SET"]
      ),
      (
        "pooler", "SET search_path = public",
        ["search_path is 'public' in the daemon's sessions: let the pooler pass on the startup parameter options"]
      ),
      ("nothing", "SELECT 1", []),
      (
        "others",
        """
        CREATE TABLE public.lain (id int PRIMARY KEY, lain_id int REFERENCES public.lain);
        ALTER TABLE public.lain DISABLE TRIGGER ALL
        """, []
      ),
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

  @Test("row-level security is refused for the role that it applies to") func rowSecurity() async throws {
    let made = try await MigratedDatabase.make("check_policy")
    let owner = try made.session()
    try owner.execute(
      """
      ALTER TABLE public.mst_role ENABLE ROW LEVEL SECURITY;
      DROP ROLE IF EXISTS check_policy;
      CREATE ROLE check_policy LOGIN;
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO check_policy
      """)
    _ = try Resources(Catalog.tables, try LiveSchema(owner))
    let other = try Session(ConnectionOptions(conninfo: made.conninfo + " user=check_policy"))
    let found = #expect(throws: SchemaDifferences.self) { try Resources(Catalog.tables, try LiveSchema(other)) }
    #expect(found?.lines.count == 1)
    #expect(found?.lines.first?.hasPrefix("mst_role: row-level security applies to the role check_policy") == true)
  }

  @Test("constraints that old rows may break, and functions that depend on the search path, are remarked on")
  func remarks() async throws {
    let session = try await MigratedDatabase.make("check_remarks").session()
    try session.execute(
      """
      CREATE FUNCTION public.catat() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE FUNCTION public.aman() RETURNS trigger LANGUAGE plpgsql SET search_path = public
        AS 'BEGIN RETURN NEW; END';
      CREATE FUNCTION public.bersih(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)';
      CREATE TRIGGER catat BEFORE INSERT ON public.mst_desa FOR EACH ROW EXECUTE FUNCTION public.catat();
      CREATE TRIGGER aman BEFORE INSERT ON public.mst_desa FOR EACH ROW EXECUTE FUNCTION public.aman();
      CREATE INDEX bersih ON public.mst_desa (public.bersih(name));
      ALTER TABLE public.mst_desa ALTER alt_name SET DEFAULT public.bersih('');
      ALTER TABLE public.mst_desa ADD CONSTRAINT rapi CHECK (name = public.bersih(name)) NOT VALID;
      CREATE TABLE public.lain (id int);
      CREATE TRIGGER catat BEFORE INSERT ON public.lain FOR EACH ROW EXECUTE FUNCTION public.catat()
      """)
    let remarks = try Resources(Catalog.tables, try LiveSchema(session)).remarks
    let beginnings = [
      "mst_desa: the constraint rapi is NOT VALID", "mst_desa: constraint rapi calls public.bersih(text)",
      "mst_desa: default of alt_name calls public.bersih(text)", "mst_desa: index bersih calls public.bersih(text)",
      "mst_desa: trigger catat calls public.catat()",
    ]
    #expect(remarks.count == beginnings.count)
    for (remark, beginning) in zip(remarks, beginnings) { #expect(remark.hasPrefix(beginning)) }
    #expect(remarks.last?.contains("ALTER FUNCTION public.catat() SET search_path = public") == true)
  }

  @Test("several differences are listed at once") func several() async throws {
    let found = try await differences(
      "several", "ALTER TABLE public.mst_provinsi DROP alt_name, DROP latitude; DROP TABLE public.mst_desa")
    for name in ["alt_name is missing", "latitude is missing", "no table public.mst_desa"] {
      #expect(found.contains { $0.contains(name) })
    }
  }
}
