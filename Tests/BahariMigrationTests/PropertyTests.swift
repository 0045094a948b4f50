import BahariPostgres
import TestSupport
import Testing

@testable import BahariMigration

/// The design's properties, each on the same random legacy databases: a hundred where the tests are asked for by name
/// (`swift test --filter PropertyTests`), which takes minutes, and the first 25 in a run of all tests. These tests read
/// the states before and after with their own queries, not with those of the migration's checks.
@Suite("Properties of the migration", .offPool(.shared)) struct PropertyTests {
  struct Case: Sendable {
    let seed: UInt64
    /// Every row of the old columns as text, by legacy names of tables.
    let before, after, undone: [String: [String]]
    /// Table (new name), columns and uniqueness.
    let indexesBefore, indexesAfter: Set<String>
    /// Foreign keys of the design's section 4.2 that the database has, and orphans found, table by table.
    let foreignKeys: [String]
    let orphans: [String]
    let columns, constraints: Set<String>
    let missing: Int
  }

  static let count = ByName.isAsked("PropertyTests") ? 100 : 25
  private static let cases = Task(executorPreference: BlockingExecutor.shared) {
    let database = try await TestCluster.shared().database(named: "properties")
    let session = try Session(ConnectionOptions(conninfo: database))
    return try (0..<count).map { try make(seed: 20_240_229 + UInt64($0), session) }
  }

  @Test("Property 1: rows and values are preserved exactly") func preservation() async throws {
    let cases = try await Self.cases.value
    #expect(cases.count == Self.count)
    for one in cases {
      #expect(one.before.count == 11 && one.after == one.before, "seed \(one.seed)")
    }
    // The databases are not empty.
    #expect(cases.map { $0.before.values.map(\.count).reduce(0, +) }.reduce(0, +) > Self.count * 10)
  }

  @Test("Property 1 for the undo: it preserves rows and values exactly") func undone() async throws {
    for one in try await Self.cases.value { #expect(one.undone == one.before, "seed \(one.seed)") }
  }

  @Test("Property 2: every foreign key of the design is there, and no row is an orphan") func foreignKeys() async throws
  {
    let cases = try await Self.cases.value
    for one in cases {
      #expect(one.foreignKeys == Self.designKeys && one.orphans.isEmpty, "seed \(one.seed)")
    }
    // Some of them were missing before.
    #expect(cases.contains { $0.missing > 0 })
  }

  @Test("Property 3: every column and key of the design is there, with its type, NULL and default")
  func completeness() async throws {
    let columns = Set(Design.columns.map(Self.withoutPlace))
    let keys = Set(DesignKeys.constraints.map(Self.withoutName))
    for one in try await Self.cases.value {
      #expect(columns.subtracting(one.columns.map(Self.withoutPlace)).isEmpty, "seed \(one.seed)")
      #expect(keys.subtracting(one.constraints.map(Self.withoutName)).isEmpty, "seed \(one.seed)")
    }
  }

  @Test("Property 7: every index has its equivalent on the renamed table") func indexes() async throws {
    for one in try await Self.cases.value {
      #expect(!one.indexesBefore.isEmpty)
      #expect(one.indexesBefore.subtracting(one.indexesAfter).isEmpty, "seed \(one.seed)")
    }
  }

  // MARK: - Making the cases

  /// Uses one database that is emptied for each case: twice as fast as a new one.
  private static func make(seed: UInt64, _ session: Session) throws -> Case {
    try session.execute("DROP SCHEMA IF EXISTS public, bahari, bahari_undone CASCADE; CREATE SCHEMA public")
    for statement in RandomLegacy(seed: seed).statements {
      do { try session.execute(statement) } catch { throw Failed(seed: seed, what: statement, error: "\(error)") }
    }
    let oldColumns = try LegacySchema.names.map { table in (table, try columnNames(session, table)) }
    let before = try rows(session, oldColumns) { $0 }
    let indexesBefore = Set(try session.column(indexQuery).map(renamed))
    do {
      var options = Migrator.Options()
      options.mode = seed % 4 == 0 ? .phased : .atomic
      options.views = seed % 3 != 0
      let result = try Migrator(session: session, options: options).run()
      let after = try rows(session, oldColumns, Rename.new)
      let one = (
        indexes: Set(try session.column(indexQuery)), keys: try session.column(keyQuery),
        orphans: try orphans(session), columns: Set(try session.column(columnQuery)),
        constraints: Set(try session.column(constraintQuery))
      )
      let differences = try Undo(session: session).run().catalogDifferences
      guard differences == [] else { throw Failed(seed: seed, what: "the way back", error: "\(differences ?? [])") }
      let undone = try rows(session, oldColumns) { $0 }
      return Case(
        seed: seed, before: before, after: after, undone: undone, indexesBefore: indexesBefore,
        indexesAfter: one.indexes, foreignKeys: one.keys, orphans: one.orphans, columns: one.columns,
        constraints: one.constraints, missing: result.made.count)
    } catch { throw Failed(seed: seed, what: "migration or undo", error: "\(error)") }
  }

  struct Failed: Error { let seed: UInt64, what: String, error: String }

  private static func columnNames(_ session: Session, _ table: String) throws -> String {
    try session.column(
      """
      SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
      WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
      """, ["public.\(table)"])[0]
  }

  private static func rows(
    _ session: Session, _ columns: [(String, String)], _ name: (String) -> String
  ) throws -> [String: [String]] {
    var rows: [String: [String]] = [:]
    for (table, names) in columns {
      rows[table] = try session.column("SELECT ROW(\(names))::text FROM public.\(name(table)) ORDER BY 1")
    }
    return rows
  }

  /// The design's 4.2 of the renamed tables, as its query of orphans: 15 relations, the one of phase 6 among them.
  private static let relations: [(table: String, column: String, target: String, targetColumn: String)] = [
    ("mst_kabupaten", "province_id", "mst_provinsi", "id"), ("mst_kecamatan", "regency_id", "mst_kabupaten", "id"),
    ("mst_desa", "district_id", "mst_kecamatan", "id"), ("mst_upt", "province_id", "mst_provinsi", "id"),
    ("mst_pegawai", "organisasi_id", "mst_organisasi", "id"), ("mst_pegawai", "role_id", "mst_role", "id"),
    ("mst_penyuluh", "pegawai_id", "mst_pegawai", "id"), ("mst_penyuluh", "upt_id", "mst_upt", "id"),
    ("mst_penyuluh", "province_id", "mst_provinsi", "id"), ("mst_kelompok_nelayan", "upt_id", "mst_upt", "id"),
    ("mst_kelompok_nelayan", "province_id", "mst_provinsi", "id"),
    ("mst_kelompok_nelayan", "penyuluh_id", "mst_penyuluh", "id"),
    ("mst_kelompok_nelayan", "jenis_usaha_id", "mst_jenis_usaha", "id"),
    ("mst_kelompok_nelayan", "gabungan_kelompok_id", "mst_kelompok_nelayan", "id"),
    ("trx_absensi", "nip", "mst_pegawai", "nip"),
  ]

  private static let designKeys = relations.map { "\($0.table).\($0.column) \($0.target).\($0.targetColumn)" }.sorted()

  private static func orphans(_ session: Session) throws -> [String] {
    try relations.flatMap { key in
      try session.column(
        """
        SELECT '\(key.table) ' || t.id FROM public.\(key.table) t
        LEFT JOIN public.\(key.target) r ON t.\(key.column) = r.\(key.targetColumn)
        WHERE r.\(key.targetColumn) IS NULL AND t.\(key.column) IS NOT NULL
        """)
    }
  }

  private static let renamedTables = LegacySchema.names.map { "'\(Rename.new($0))'" }.joined(separator: ", ")

  private static let keyQuery = """
    SELECT DISTINCT c.relname || '.' || a.attname || ' ' || t.relname || '.' || b.attname COLLATE "C"
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_class t ON t.oid = o.confrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.conkey[1]
    JOIN pg_attribute b ON b.attrelid = t.oid AND b.attnum = o.confkey[1]
    WHERE o.contype = 'f' AND c.relname IN (\(renamedTables)) ORDER BY 1
    """

  private static let indexQuery = """
    SELECT tablename || ' ' || regexp_replace(indexdef, '^CREATE (UNIQUE )?INDEX .* USING ', '\\1')
    FROM pg_indexes WHERE schemaname = 'public'
    """

  private static func renamed(_ index: String) -> String {
    let table = index.prefix { $0 != " " }
    return Rename.new(String(table)) + index.dropFirst(table.count)
  }

  private static let columnQuery = """
    SELECT c.relname || ' ' || a.attnum || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    """

  private static let constraintQuery = """
    SELECT o.conname || ' ' || t.relname || ' ' || pg_get_constraintdef(o.oid)
    FROM pg_constraint o JOIN pg_class t ON t.oid = o.conrelid
    WHERE t.relnamespace = 'public'::regnamespace AND o.contype <> 'n'
    """

  /// The position of a column may be behind columns that only this installation has, and a sequence may have any name.
  private static func withoutPlace(_ line: String) -> String {
    let parts = line.replacing("public.", with: "").split(separator: " ", maxSplits: 2)
    let rest = parts[2].firstRange(of: "nextval(").map { parts[2][..<$0.upperBound] } ?? parts[2]
    return "\(parts[0]) \(rest)"
  }

  private static func withoutName(_ line: String) -> String {
    String(line.replacing("public.", with: "").split(separator: " ", maxSplits: 1)[1])
  }
}
