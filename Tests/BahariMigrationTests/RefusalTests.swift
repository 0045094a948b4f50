import BahariPostgres
import TestSupport
import Testing

@testable import BahariMigration

@Suite("Refusals", .offPool) struct RefusalTests {
  /// A fault that is planted in a legacy database, and the refusal that it has to cause.
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let sql: String
    let reason: Refusal.Reason
    let table: String?
    var ids: [String] = []
    /// The message contains all of them.
    let words: [String]

    var testDescription: String { name }
  }

  static let faults = [
    Fault(
      name: "orphan",
      sql: """
        ALTER TABLE penyuluh DROP CONSTRAINT penyuluh_pegawai_id_pegawai_id_fk;
        UPDATE penyuluh SET pegawai_id = 77 WHERE id = 2
        """, reason: .orphans, table: "penyuluh", ids: ["2"], words: ["pegawai_id", "pegawai (id)", "1 rows"]),
    Fault(
      name: "orphan behind a key that was never checked",
      sql: """
        ALTER TABLE absensi DROP CONSTRAINT absensi_nip_pegawai_nip_fk;
        INSERT INTO absensi (id, date, nip, checkin, ci_latitude, ci_longitude)
          SELECT n, '2024-01-01', 'hilang', now(), 1, 1 FROM generate_series(101, 112) n;
        ALTER TABLE absensi ADD FOREIGN KEY (nip) REFERENCES pegawai (nip) NOT VALID
        """, reason: .orphans, table: "absensi", ids: (101...110).map { "\($0)" }, words: ["12 rows", "110, …"]),
    Fault(
      name: "duplicate NIP",
      sql: """
        ALTER TABLE pegawai DROP CONSTRAINT pegawai_nip_unique CASCADE;
        UPDATE pegawai SET nip = '00001'
        """, reason: .duplicates, table: "pegawai", ids: ["1", "2"], words: ["nip", "00001", "ids 1,2"]),
    Fault(
      name: "duplicate id",
      sql: """
        ALTER TABLE villages DROP CONSTRAINT villages_pkey; UPDATE villages SET id = 1101012001
        """, reason: .duplicates, table: "villages", ids: ["1101012001", "1101012001"], words: ["primary key"]),
    Fault(
      name: "row without id",
      sql: """
        ALTER TABLE villages DROP CONSTRAINT villages_pkey, ALTER id DROP NOT NULL;
        UPDATE villages SET id = NULL WHERE district_id = 110101
        """, reason: .missingValue, table: "villages", words: ["1 rows of villages have no id"]),
    Fault(
      name: "primary key elsewhere",
      sql: "ALTER TABLE villages DROP CONSTRAINT villages_pkey, ADD PRIMARY KEY (district_id)",
      reason: .keyElsewhere, table: "villages", words: ["has to be id"]),
    Fault(
      name: "a table has a new name", sql: "CREATE TABLE mst_kapal (id int)", reason: .nameTaken, table: "mst_kapal",
      words: ["mst_kapal", "rename yours"]),
    Fault(
      name: "a view has a new name", sql: "CREATE VIEW mst_role AS SELECT 1 AS satu", reason: .nameTaken,
      table: "mst_role", words: ["mst_role"]),
    Fault(
      name: "an index has a new name", sql: "CREATE INDEX idx_mst_desa_name_lower ON pegawai (nama)",
      reason: .nameTaken, table: "idx_mst_desa_name_lower", words: ["idx_mst_desa_name_lower"]),
    Fault(
      name: "a referenced column of another type",
      sql: """
        ALTER TABLE pegawai DROP CONSTRAINT pegawai_organisasi_id_organisasi_id_fk;
        ALTER TABLE organisasi ALTER id DROP DEFAULT, ALTER id TYPE text
        """, reason: .type, table: "organisasi", words: ["organisasi.id is text", "integer"]),
    Fault(
      name: "a new column is there", sql: "ALTER TABLE pegawai ADD no_hp text", reason: .columnExists,
      table: "pegawai", words: ["no_hp", "phase 4"]),
    Fault(
      name: "a table is missing", sql: "DROP TABLE absensi", reason: .missingTable, table: "absensi",
      words: ["absensi is missing"]),
    Fault(
      name: "a column is missing", sql: "ALTER TABLE pegawai DROP jabatan", reason: .missingColumn, table: "pegawai",
      words: ["no column jabatan"]),
    Fault(
      name: "an own column is mandatory",
      sql: "ALTER TABLE roles ADD kode text; UPDATE roles SET kode = 'a';"
        + "ALTER TABLE roles ALTER kode SET NOT NULL", reason: .mandatoryColumn, table: "roles",
      words: ["roles.kode", "default"]),
    Fault(
      name: "renamed by hand", sql: "ALTER TABLE villages RENAME TO mst_desa", reason: .state, table: "mst_desa",
      words: ["mst_desa is there and villages is not", "rename it back"]),
  ]

  @Test("a planted fault is refused by table, column and ids, and nothing is changed", arguments: faults)
  func planted(_ fault: Fault) async throws {
    let session = try await LegacyDatabase.session("fault_\(fault.name)")
    try session.execute(fault.sql)
    let (catalog, rows) = (try CanonicalCatalog.read(session), try Fingerprint.take(session))
    let plan = try Plan.read(session)
    for mode in [Migrator.Mode.atomic, .phased] {
      var options = Migrator.Options()
      options.mode = mode
      let error = #expect(throws: MigrationRefusal.self) { try Migrator(session: session, options: options).run() }
      let refusals = try #require(error).refusals
      #expect(refusals == plan.refusals)
      let found = try #require(refusals.first)
      #expect(refusals.count == 1 && found.reason == fault.reason, "\(refusals)")
      #expect(found.table == fault.table && found.ids == fault.ids, "\(found)")
      for word in fault.words { #expect(found.message.contains(word)) }
    }
    #expect(try CanonicalCatalog.read(session) == catalog)
    #expect(try Fingerprint.take(session) == rows)
    #expect(try session.query("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'bahari%'").count == 0)
  }

  @Test(
    "a database that is not the old service's is refused",
    arguments: [
      ("empty", "SELECT 1", "nothing to migrate", Inspection.State.empty),
      ("current", "", "present schema already", .current),
      ("foreign", "CREATE TABLE roles (id int); CREATE TABLE pesanan (id int)", "pesanan", .foreign),
    ])
  func states(_ name: String, _ sql: String, _ words: String, _ state: Inspection.State) async throws {
    let session = try Session(
      .inPublic(try await TestCluster.shared().database(named: "refusal_\(name)")))
    if sql.isEmpty { _ = try SchemaVersions.migrate(session) } else { try session.execute(sql) }
    let plan = try Plan.read(session)
    #expect(plan.inspection.state == state && plan.statements.isEmpty)
    #expect(plan.refusals.map(\.reason) == [.state] && plan.refusals[0].message.contains(words))
  }

  @Test("legacy tables in another schema are found there") func elsewhere() async throws {
    let session = try await LegacyDatabase.session("refusal_schema")
    try session.execute("ALTER SCHEMA public RENAME TO dinas; CREATE SCHEMA public")
    let plan = try Plan.read(session)
    #expect(plan.inspection.state == .foreign)
    #expect(plan.refusals.map(\.message).joined().contains("in dinas: move them with ALTER TABLE … SET SCHEMA public"))
  }

  @Test("a role that does not own the tables is refused") func privileges() async throws {
    let session = try await LegacyDatabase.session("refusal_role")
    try session.execute("CREATE ROLE tamu; GRANT SELECT ON ALL TABLES IN SCHEMA public TO tamu; SET ROLE tamu")
    let refusals = try Plan.read(session).refusals
    #expect(refusals.map(\.reason) == [.privilege, .privilege, .extensionMissing])
    #expect(refusals[2].message.contains("let a superuser run CREATE EXTENSION pg_trgm"))
    #expect(refusals[0].message.contains("does not own absensi, districts"))
    try session.execute("RESET ROLE; DROP OWNED BY tamu; DROP ROLE tamu")
  }

  @Test("a legacy database of another encoding is refused") func encoding() async throws {
    let cluster = try await TestCluster.shared()
    try await cluster.execute("DROP DATABASE IF EXISTS refusal_latin")
    try await cluster.execute("CREATE DATABASE refusal_latin TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    let session = try Session(.inPublic(cluster.cluster.conninfo(database: "refusal_latin")))
    for statement in LegacySchema.statements { try session.execute(statement) }
    let refusals = try Plan.read(session).refusals
    #expect(refusals.map(\.reason) == [.encoding] && refusals[0].message.contains("SQL_ASCII"))
  }

  @Test("a migration is refused while a dump runs") func dump() async throws {
    let conninfo = try await LegacyDatabase.conninfo("refusal_dump")
    let session = try Session(.inPublic(conninfo))
    let dump = try Session(.inPublic(conninfo))
    try dump.execute("SET application_name = 'pg_dump'")
    #expect(try Plan.read(session).refusals.map(\.reason) == [.dump])
    withExtendedLifetime(dump) {}
  }

  @Test("a phase that was applied with other statements is refused") func edited() async throws {
    for (name, sql) in [
      ("definition", "UPDATE bahari.migration_ledger SET definition = repeat('0', 64) WHERE phase = 2"),
      ("statements", "UPDATE bahari.migration_ledger SET statements[1] = 'SELECT 1' WHERE phase = 2"),
    ] {
      let session = try await LegacyDatabase.session("refusal_edited_\(name)")
      _ = try PhaseTests.migrate(session, through: 3)
      try session.execute(sql)
      let error = #expect(throws: MigrationRefusal.self) { try Migrator(session: session).run() }
      let found = try #require(error).refusals
      #expect(found.map(\.reason) == [.editedPhase] && found[0].message.contains("phase 2"))
      #expect(try Inspector.inspect(session).appliedPhases == [1, 2, 3])
    }
  }

  @Test("a last phase that was applied by a program with fewer schema versions is not refused")
  func earlierVersions() async throws {
    let session = try await LegacyDatabase.session("refusal_earlier")
    _ = try PhaseTests.migrate(session, through: 8)
    let first = PhaseStatements.definitions(8)[0]
    #expect(first != PhaseStatements.definition(8))
    try session.query(
      "UPDATE bahari.migration_ledger SET definition = encode(sha256(convert_to($1, 'UTF8')), 'hex') WHERE phase = 8",
      [first])
    try session.execute(
      "DELETE FROM bahari.schema_version WHERE number > 4; ALTER TABLE bahari.request_log DROP COLUMN reply_columns")
    #expect(try Ledger(session: session).edited(program: true) == [])
    #expect(try SchemaVersions.migrate(session) == .applied(["reply_columns"]))
  }
}
