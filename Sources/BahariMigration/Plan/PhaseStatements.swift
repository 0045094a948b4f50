/// Makes the statements of each phase: the design's, adapted to the tables that an installation has.
enum PhaseStatements {
  /// The tables that phases 5 and 7 create, by phase, in the design's order.
  static let newTables: [Int: [String]] = [
    Phase.newMasterTables.number: [
      "mst_jenis_usaha", "mst_komoditas", "mst_alat_tangkap", "mst_kapal", "mst_jenis_bantuan", "mst_jenis_pelatihan",
      "mst_jenis_sertifikasi",
    ],
    Phase.newTransactionTables.number: [
      "trx_produksi_hasil_tangkapan", "trx_bantuan", "trx_pelatihan", "trx_sertifikasi",
    ],
  ]

  static let allNewTables = Set(newTables.values.joined())

  /// The schema versions that phase 8 applies: those after the tables of the design.
  static let laterVersions = SchemaVersions.all.dropFirst(2)

  static func make(
    _ phase: Int, _ facts: LegacyFacts, _ versions: [SchemaVersion] = SchemaVersions.all
  ) -> [MigrationStatement] {
    switch Phase.numbered(phase) {
    case .newColumns: newColumns(facts)
    case .newMasterTables, .newTransactionTables: create(phase, facts)
    case .businessKey: [businessKey(facts)]
    case .additions: additions(facts, versions)
    default: renames(phase, facts)
    }
  }

  /// The statements of a phase that every installation gets, as one text. The ledger has its checksum: a migration is
  /// refused if an applied phase had a different text.
  static func definition(_ phase: Int) -> String { definition(phase, SchemaVersions.all) }

  /// The definitions that a phase has had in this program and its predecessors. Phase 8 grew with the schema's versions;
  /// the first release had four.
  static func definitions(_ phase: Int) -> [String] {
    guard Phase.numbered(phase) == .additions else { return [definition(phase)] }
    return (4...SchemaVersions.all.count).map { definition(phase, Array(SchemaVersions.all.prefix($0))) }
  }

  private static func definition(_ phase: Int, _ versions: [SchemaVersion]) -> String {
    let expected = Rename.tables.filter { $0.phase == phase }.flatMap { old, new, _ in
      ["\(old) \(new)"] + ExpectedObject.all.filter { $0.table == old }.map(\.sql)
    }
    return (expected + make(phase, .none, versions).map(\.sql)).joined(separator: "\n")
  }

  // MARK: - Renames

  private static func renames(_ phase: Int, _ facts: LegacyFacts) -> [MigrationStatement] {
    let tables = Set(Rename.tables.filter { $0.phase == phase }.map(\.old))
    let missing = facts.missing.filter { tables.contains($0.table) }
    return facts.renames.filter { tables.contains($0.table) }.map { rename($0, phase) }
      + missing.map { make($0, phase, facts) }
      + Rename.tables.filter { $0.phase == phase }.flatMap { facts.views[$0.old] ?? [] }
  }

  private static func rename(_ object: RenamedObject, _ phase: Int) -> MigrationStatement {
    let new = Identifier.qualified(Rename.new(object.table))
    func alter(_ from: String, _ to: String) -> String {
      let to = Identifier.quoted(to)
      return switch object.kind {
      case .table: "ALTER TABLE \(Identifier.qualified(from)) RENAME TO \(to)"
      case .index: "ALTER INDEX \(Identifier.qualified(from)) RENAME TO \(to)"
      case .sequence: "ALTER SEQUENCE \(Identifier.qualified(from)) RENAME TO \(to)"
      case .constraint: "ALTER TABLE \(new) RENAME CONSTRAINT \(Identifier.quoted(from)) TO \(to)"
      }
    }
    // The design itself renames only the tables and, in phase 1, the indexes of the regions.
    let isDesign = object.kind == .table || (object.kind == .index && phase == Phase.regions.number)
    let locks: [RenamedObject.Kind: String] = [
      .index: "SHARE UPDATE EXCLUSIVE on the index", .sequence: "ACCESS EXCLUSIVE on the sequence",
    ]
    return MigrationStatement(
      phase: phase, source: isDesign ? .design : .forgottenName, sql: alter(object.old, object.new),
      undo: [alter(object.new, object.old)], table: object.kind == .table ? object.old : Rename.new(object.table),
      lock: locks[object.kind] ?? "ACCESS EXCLUSIVE")
  }

  private static func make(_ object: ExpectedObject, _ phase: Int, _ facts: LegacyFacts) -> MigrationStatement {
    MigrationStatement(
      phase: phase, source: .missing, sql: object.sql, undo: object.undo, table: Rename.new(object.table),
      creates: object.name, lock: object.kind == .index ? "SHARE" : "ACCESS EXCLUSIVE",
      rows: facts.rows[object.table] ?? 0)
  }

  // MARK: - New columns and their key

  private static func newColumns(_ facts: LegacyFacts) -> [MigrationStatement] {
    NewColumns.tables.map { table, columns in
      let qualified = Identifier.qualified(table)
      let names = columns.map(\.key)
      let kept = Kept.qualified(table)
      let anyValue = names.map { "\($0) IS NOT NULL" }.joined(separator: " OR ")
      return MigrationStatement(
        phase: Phase.newColumns.number, source: .design,
        sql: "ALTER TABLE \(qualified)\n  "
          + columns.map { "ADD COLUMN \($0.key) \($0.value)" }.joined(separator: ",\n  "),
        undo: [
          "CREATE TABLE \(kept) AS SELECT id, \(names.joined(separator: ", ")) FROM \(qualified) WHERE \(anyValue)",
          "ALTER TABLE \(qualified)\n  " + names.map { "DROP COLUMN \($0)" }.joined(separator: ",\n  "),
        ], table: table)
    } + NewColumns.tables.flatMap { table, columns in Kept.columns(table, columns.map(\.key), facts) }
  }

  private static func businessKey(_ facts: LegacyFacts) -> MigrationStatement {
    let table = "public.mst_kelompok_nelayan"
    let name = "fk_kelompok_nelayan_jenis_usaha"
    return MigrationStatement(
      phase: Phase.businessKey.number, source: .design,
      sql: """
        ALTER TABLE \(table)
          ADD CONSTRAINT \(name)
          FOREIGN KEY (jenis_usaha_id) REFERENCES public.mst_jenis_usaha (id)
        """,
      undo: ["ALTER TABLE \(table) DROP CONSTRAINT \(name)"], table: "mst_kelompok_nelayan", creates: name,
      lock: "SHARE ROW EXCLUSIVE", rows: facts.rows["kelompok_nelayan"] ?? 0)
  }

  // MARK: - New tables and additions

  private static func create(_ phase: Int, _ facts: LegacyFacts) -> [MigrationStatement] {
    (newTables[phase] ?? []).flatMap { table in
      let own = Version2.tables.statements.filter { SchemaVersion.table(of: $0) == table }
      return own.map { sql in
        let isTable = sql.hasPrefix("CREATE TABLE")
        return MigrationStatement(
          phase: phase, source: .design, sql: sql,
          undo: isTable ? ["ALTER TABLE \(Identifier.qualified(table)) SET SCHEMA \(Kept.schema)"] : [],
          table: table, creates: SchemaVersion.name(of: sql))
      } + facts.giveToOwner("TABLE \(Identifier.qualified(table))", phase, table) + Kept.table(table, phase, facts)
    }
  }

  private static func additions(_ facts: LegacyFacts, _ versions: [SchemaVersion]) -> [MigrationStatement] {
    let number = Phase.additions.number
    let statements = versions.dropFirst(2).flatMap(\.statements)
    let versions = versions.map { "(\($0.number), '\($0.name)')" }.joined(separator: ", ")
    let made =
      statements + [
        SchemaVersions.ledger, "INSERT INTO bahari.schema_version (number, name) VALUES \(versions)",
      ]
    return made.map { addition($0, facts) }
      + facts.giveToOwner("SCHEMA bahari", number, "schema_version")
      + ["request_log", "schema_version", "migration_ledger", "migration_record"].flatMap {
        facts.giveToOwner("TABLE bahari.\($0)", number, $0)
      } + Kept.table("request_log", number, facts, schema: "bahari")
  }

  private static func addition(_ sql: String, _ facts: LegacyFacts) -> MigrationStatement {
    let table = SchemaVersion.table(of: sql)
    let name = SchemaVersion.name(of: sql)
    var undo: [String] = []
    if sql.hasPrefix("CREATE TABLE bahari.schema_version") {
      undo = ["DROP TABLE bahari.schema_version"]
    } else if sql.hasPrefix("CREATE TABLE bahari."), let name {
      undo = ["ALTER TABLE bahari.\(name) SET SCHEMA \(Kept.schema)"]
    } else if sql.hasPrefix("CREATE INDEX"), let name, LegacySchema.names.contains(Rename.old(table)) {
      // Only indexes on legacy tables are dropped: an undo moves new tables to another schema together with their
      // indexes.
      undo = ["DROP INDEX IF EXISTS public.\(name)"]
    }
    return MigrationStatement(
      phase: Phase.additions.number, source: .addition, sql: sql, undo: undo, table: table, creates: name,
      lock: sql.hasPrefix("CREATE INDEX") ? "SHARE" : "ACCESS EXCLUSIVE", rows: facts.rows[Rename.old(table)] ?? 0)
  }
}
