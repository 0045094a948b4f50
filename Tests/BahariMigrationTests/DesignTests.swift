import BahariPostgres
import TestSupport
import Testing

@testable import BahariMigration

/// Compares the schema in PostgreSQL's catalog with the design, which `Design` writes out a second time.
@Suite("Schema and design") struct DesignTests {
  /// The lines of a query of one column, in a migrated database in which every name is written with its schema.
  private func lines(_ name: String, _ sql: String) async throws -> [String] {
    let conninfo = try await TestCluster.shared().database(named: "design_\(name)")
    let session = try Session(.inPublic(conninfo))
    _ = try SchemaVersions.migrate(session)
    try session.execute("SET search_path TO pg_catalog")
    let rows = try session.query(sql)
    return (0..<rows.count).compactMap { rows.string($0, 0) }
  }

  /// Reports the missing and the unexpected lines instead of printing all of them.
  private func differ(_ found: [String], _ expected: [String], _ location: SourceLocation = #_sourceLocation) {
    #expect(!expected.isEmpty && Set(expected).subtracting(found).isEmpty, sourceLocation: location)
    #expect(Set(found).subtracting(expected).isEmpty, sourceLocation: location)
  }

  @Test("Property 3: every column of the design: order, type, NULL and default") func columns() async throws {
    let found = try await lines(
      "columns",
      """
      SELECT c.relname || ' ' || a.attnum || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname COLLATE "C", a.attnum
      """)
    differ(found, Design.columns)
  }

  @Test("indexes: names, columns, uniqueness, and no others but those of phase 8") func indexes() async throws {
    let found = try await lines(
      "indexes",
      """
      SELECT i.relname || ' ' || t.relname || CASE WHEN x.indisunique THEN ' unique ' ELSE ' ' END
        || regexp_replace(pg_get_indexdef(i.oid), '^.* USING (btree )?', '')
      FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
      WHERE t.relnamespace = 'public'::regnamespace ORDER BY i.relname COLLATE "C"
      """)
    let added = Set(Version3.additions.statements.map { $0.split(separator: " ")[2] })
    #expect(added.count == Version3.additions.statements.count)
    differ(found.filter { !added.contains($0.prefix { $0 != " " }) }, DesignKeys.indexes)
    #expect(found.count == DesignKeys.indexes.count + added.count)
  }

  @Test("Property 3, keys: names, targets and cascades, and no others") func constraints() async throws {
    let found = try await lines(
      "constraints",
      """
      SELECT o.conname || ' ' || t.relname || ' ' || pg_get_constraintdef(o.oid)
      FROM pg_constraint o JOIN pg_class t ON t.oid = o.conrelid
      WHERE t.relnamespace = 'public'::regnamespace AND o.contype <> 'n' ORDER BY o.conname COLLATE "C"
      """)
    differ(found, DesignKeys.constraints)
  }

  @Test("sequences: named for table and column, and owned by them") func sequences() async throws {
    let found = try await lines(
      "sequences",
      """
      SELECT s.relname || ' ' || t.relname || '.' || a.attname
      FROM pg_class s LEFT JOIN pg_depend d
        ON d.classid = 'pg_class'::regclass AND d.objid = s.oid
        AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
      LEFT JOIN pg_class t ON t.oid = d.refobjid
      LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE s.relnamespace = 'public'::regnamespace AND s.relkind = 'S'
      """)
    let serial = Design.columns.filter { $0.contains("nextval") }.map { $0.prefix { $0 != " " } }
    differ(found, serial.map { "\($0)_id_seq \($0).id" })
  }

  @Test("every foreign key is the beginning of an index") func foreignKeys() async throws {
    let found = try await lines(
      "foreign_keys",
      """
      SELECT o.conname::text FROM pg_constraint o
      WHERE o.contype = 'f' AND o.connamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_index x WHERE x.indrelid = o.conrelid AND x.indkey[0] = o.conkey[1])
      """)
    #expect(found.isEmpty)
  }
}
