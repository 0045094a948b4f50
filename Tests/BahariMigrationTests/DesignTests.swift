import BahariMigration
import BahariPostgres
import TestSupport
import Testing

/// The schema as PostgreSQL's catalog has it, against the design's section 3.1, written out here a second time.
@Suite("Schema and design") struct DesignTests {
  private static let columns: [String] = [
    "mst_desa 1 id bigint NOT NULL", "mst_desa 2 district_id bigint NOT NULL", "mst_desa 3 name text NOT NULL",
    "mst_desa 4 alt_name text NOT NULL ''::text", "mst_desa 5 latitude double precision NOT NULL 0",
    "mst_desa 6 longitude double precision NOT NULL 0",
    "mst_kabupaten 1 id bigint NOT NULL", "mst_kabupaten 2 province_id bigint NOT NULL",
    "mst_kabupaten 3 name text NOT NULL", "mst_kabupaten 4 alt_name text NOT NULL ''::text",
    "mst_kabupaten 5 latitude numeric NOT NULL '0'::numeric",
    "mst_kabupaten 6 longitude numeric NOT NULL '0'::numeric",
    "mst_kecamatan 1 id bigint NOT NULL", "mst_kecamatan 2 regency_id bigint NOT NULL",
    "mst_kecamatan 3 name text NOT NULL", "mst_kecamatan 4 alt_name text NOT NULL ''::text",
    "mst_kecamatan 5 latitude numeric NOT NULL '0'::numeric",
    "mst_kecamatan 6 longitude numeric NOT NULL '0'::numeric",
    "mst_provinsi 1 id integer NOT NULL", "mst_provinsi 2 name text NOT NULL", "mst_provinsi 3 alt_name text",
    "mst_provinsi 4 latitude numeric", "mst_provinsi 5 longitude numeric",
  ]

  private static let indexes: [String] = [
    "idx_mst_desa_district_id mst_desa (district_id)", "idx_mst_desa_district_name mst_desa (district_id, name)",
    "idx_mst_desa_name_lower mst_desa (name)",
    "idx_mst_kabupaten_name_lower mst_kabupaten (name)", "idx_mst_kabupaten_province_id mst_kabupaten (province_id)",
    "idx_mst_kabupaten_province_name mst_kabupaten (province_id, name)",
    "idx_mst_kecamatan_name_lower mst_kecamatan (name)", "idx_mst_kecamatan_regency_id mst_kecamatan (regency_id)",
    "idx_mst_kecamatan_regency_name mst_kecamatan (regency_id, name)",
    "idx_mst_provinsi_name_lower mst_provinsi (name)",
    "mst_desa_pkey mst_desa unique (id)", "mst_kabupaten_pkey mst_kabupaten unique (id)",
    "mst_kecamatan_pkey mst_kecamatan unique (id)", "mst_provinsi_pkey mst_provinsi unique (id)",
  ]

  private static let constraints: [String] = [
    "mst_desa_district_id_mst_kecamatan_id_fk mst_desa FOREIGN KEY (district_id) REFERENCES public.mst_kecamatan(id) "
      + "ON UPDATE CASCADE ON DELETE CASCADE",
    "mst_desa_pkey mst_desa PRIMARY KEY (id)",
    "mst_kabupaten_pkey mst_kabupaten PRIMARY KEY (id)",
    "mst_kabupaten_province_id_mst_provinsi_id_fk mst_kabupaten FOREIGN KEY (province_id) "
      + "REFERENCES public.mst_provinsi(id) ON UPDATE CASCADE ON DELETE CASCADE",
    "mst_kecamatan_pkey mst_kecamatan PRIMARY KEY (id)",
    "mst_kecamatan_regency_id_mst_kabupaten_id_fk mst_kecamatan FOREIGN KEY (regency_id) "
      + "REFERENCES public.mst_kabupaten(id) ON UPDATE CASCADE ON DELETE CASCADE",
    "mst_provinsi_pkey mst_provinsi PRIMARY KEY (id)",
  ]

  /// The lines of a query of one column, in a migrated database in which every name is written with its schema.
  private func lines(_ name: String, _ sql: String) async throws -> [String] {
    let conninfo = try await TestCluster.shared().database(named: "design_\(name)")
    let session = try Session(ConnectionOptions(conninfo: conninfo))
    _ = try SchemaVersions.migrate(session)
    try session.execute("SET search_path TO pg_catalog")
    let rows = try session.query(sql)
    return (0..<rows.count).compactMap { rows.string($0, 0) }
  }

  @Test("columns: order, types, NULL and defaults") func columns() async throws {
    let found = try await lines(
      "columns",
      """
      SELECT c.relname || ' ' || a.attnum || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname COLLATE "C", a.attnum
      """)
    #expect(found == Self.columns)
  }

  @Test("indexes: names, columns, uniqueness, and no others") func indexes() async throws {
    let found = try await lines(
      "indexes",
      """
      SELECT i.relname || ' ' || t.relname || CASE WHEN x.indisunique THEN ' unique ' ELSE ' ' END
        || substring(pg_get_indexdef(i.oid) FROM 'USING btree (.*)$')
      FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
      WHERE t.relnamespace = 'public'::regnamespace ORDER BY i.relname COLLATE "C"
      """)
    #expect(found == Self.indexes)
  }

  @Test("keys: names, targets and cascades, and no others") func constraints() async throws {
    let found = try await lines(
      "constraints",
      """
      SELECT o.conname || ' ' || t.relname || ' ' || pg_get_constraintdef(o.oid)
      FROM pg_constraint o JOIN pg_class t ON t.oid = o.conrelid
      WHERE t.relnamespace = 'public'::regnamespace AND o.contype <> 'n' ORDER BY o.conname COLLATE "C"
      """)
    #expect(found == Self.constraints)
  }
}
