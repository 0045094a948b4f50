import BahariPostgres
import Dispatch
import TestSupport
import Testing

@testable import BahariMigration

@Suite("Migration") struct MigrationTests {
  private func session(_ database: String) async throws -> Session {
    let conninfo = try await TestCluster.shared().database(named: database)
    return try Session(.inPublic(conninfo))
  }

  private func strings(_ session: Session, _ sql: String) throws -> [String] {
    let rows = try session.query(sql)
    return (0..<rows.count).map { rows.string($0, 0) ?? "NULL" }
  }

  private let tables =
    "SELECT c.relname::text FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"

  @Test("an empty database gets the schema once") func empty() async throws {
    let session = try await session("migration_empty")
    #expect(try SchemaVersions.migrate(session) == .applied(SchemaVersions.all.map(\.name)))
    #expect(Set(try strings(session, tables)) == Set(Design.columns.map { String($0.prefix { $0 != " " }) }))
    let applied = try session.query("SELECT number, name, applied_at IS NOT NULL FROM bahari.schema_version ORDER BY 1")
    #expect(applied.count == SchemaVersions.all.count)
    for (row, version) in SchemaVersions.all.enumerated() {
      #expect(applied.int32(row, 0) == Int32(version.number))
      #expect(applied.string(row, 1) == version.name)
    }
    try session.query("INSERT INTO public.mst_provinsi (id, name) VALUES (11, 'Aceh')")
    #expect(try SchemaVersions.migrate(session) == .current)
    #expect(try strings(session, "SELECT name FROM public.mst_provinsi") == ["Aceh"])
    #expect(try session.query("SELECT 1 FROM bahari.schema_version").count == SchemaVersions.all.count)
  }

  @Test("an extension that is there already is found in its schema") func extensions() async throws {
    let session = try await session("migration_trigrams")
    try session.execute("CREATE SCHEMA pinjaman; CREATE EXTENSION pg_trgm SCHEMA pinjaman")
    #expect(try SchemaVersions.migrate(session) == .applied(SchemaVersions.all.map(\.name)))
    let schema = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'"
    #expect(try strings(session, schema) == ["pinjaman"])
    #expect(try strings(session, "SHOW search_path") == ["public"])
  }

  @Test("an extension that cannot be created is refused with advice, and nothing is created")
  func missingExtension() async throws {
    let session = try await session("migration_no_extension")
    let unknown = RequiredExtension(name: "tak_ada", package: "paket-anu")
    let missing = #expect(throws: SchemaError.self) { try RequiredExtension.provide([unknown], session) }
    let text = try #require(missing).description
    #expect(text.contains("tak_ada") && text.contains("install the package paket-anu"))
    // A role that owns schemas but not the database may not create extensions in it.
    try session.execute(
      """
      CREATE SCHEMA bahari; CREATE ROLE nelayan; GRANT ALL ON SCHEMA public, bahari TO nelayan;
      GRANT ALL ON ALL TABLES IN SCHEMA public TO nelayan; SET ROLE nelayan
      """)
    let refused = #expect(throws: SchemaError.self) { try RequiredExtension.provide([.trigrams], session) }
    #expect(try #require(refused).description.contains("let a superuser run CREATE EXTENSION pg_trgm"))
    try session.execute("RESET ROLE; DROP OWNED BY nelayan; DROP ROLE nelayan")
    #expect(try strings(session, tables).isEmpty)
  }

  @Test("versions are numbered from 1 without gaps, and no name is used twice") func numbers() {
    #expect(SchemaVersions.all.map(\.number) == Array(1...SchemaVersions.all.count))
    #expect(Set(SchemaVersions.all.map(\.name)).count == SchemaVersions.all.count)
  }

  @Test(
    "a database with tables of another program is refused and unchanged",
    arguments: [
      ("table", "CREATE TABLE public.kapal_orang (id int)", "kapal_orang"),
      ("view", "CREATE VIEW public.pandangan AS SELECT 1 AS satu", "pandangan"),
      (
        "legacy", "CREATE TABLE public.provinces (id int); CREATE TABLE public.villages (id int)", "provinces, villages"
      ),
      ("matview", "CREATE MATERIALIZED VIEW public.ringkas AS SELECT 1 AS satu", "ringkas"),
    ])
  func foreign(_ kind: String, _ sql: String, _ name: String) async throws {
    let session = try await session("migration_foreign_\(kind)")
    try session.execute(sql)
    let error = #expect(throws: SchemaError.self) { try SchemaVersions.migrate(session) }
    #expect(try #require(error).description.contains("(\(name))"))
    #expect(try session.query("SELECT 1 FROM pg_namespace WHERE nspname = 'bahari'").count == 0)
    #expect(try strings(session, tables).allSatisfy { !$0.hasPrefix("mst_") })
    // The refusal leaves the session usable.
    #expect(try session.query("SELECT 1").count == 1)
  }

  @Test("five of many foreign tables are listed") func manyForeign() async throws {
    let session = try await session("migration_foreign_many")
    for letter in ["a", "b", "c", "d", "e", "f", "g"] { try session.execute("CREATE TABLE public.t\(letter) ()") }
    let error = #expect(throws: SchemaError.self) { try SchemaVersions.migrate(session) }
    #expect(try #require(error).description.contains("(ta, tb, tc, td, te, …)"))
  }

  @Test("tables of extensions and of other schemas are not foreign") func notForeign() async throws {
    let session = try await session("migration_extension")
    try session.execute("CREATE SCHEMA lain; CREATE TABLE lain.apa (id int); CREATE SCHEMA bahari")
    try session.execute("CREATE SEQUENCE public.urut; CREATE TYPE public.warna AS ENUM ('biru')")
    #expect(try SchemaVersions.migrate(session) == .applied(SchemaVersions.all.map(\.name)))
  }

  @Test("a schema newer than the program is refused, with both numbers") func newer() async throws {
    let session = try await session("migration_newer")
    _ = try SchemaVersions.migrate(session)
    try session.query("INSERT INTO bahari.schema_version (number, name) VALUES (42, 'later')")
    let error = #expect(throws: SchemaError.self) { try SchemaVersions.migrate(session) }
    let text = try #require(error).description
    #expect(text.contains("42") && text.contains("knows \(SchemaVersions.all.count)"))
  }

  @Test("a database that is not UTF-8 is refused") func encoding() async throws {
    let cluster = try await TestCluster.shared()
    try await cluster.execute("DROP DATABASE IF EXISTS migration_latin")
    try await cluster.execute("CREATE DATABASE migration_latin TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    let session = try Session(.inPublic(cluster.cluster.conninfo(database: "migration_latin")))
    let error = #expect(throws: SchemaError.self) { try SchemaVersions.migrate(session) }
    #expect(try #require(error).description.contains("SQL_ASCII"))
  }

  @Test("one of eight concurrent migrators applies the schema, and the others find it current") func together()
    async throws
  {
    let conninfo = try await TestCluster.shared().database(named: "migration_together")
    let inbox = Inbox<String>()
    for _ in 0..<8 {
      // Each waits on a thread of its own for the one that holds the lock.
      DispatchQueue(label: "migrator").async {
        let outcome = Result { try SchemaVersions.migrate(try Session(.inPublic(conninfo))) }
        switch outcome {
        case .success(.current): inbox.put("current")
        case .success(.applied): inbox.put("applied")
        case .failure(let error): inbox.put("\(error)")
        }
      }
    }
    let outcomes = try await inbox.next(8)
    #expect(outcomes.sorted() == ["applied"] + Array(repeating: "current", count: 7))
  }
}
