import BahariCatalog
import BahariMigration
import BahariPostgres
import TestSupport
import Testing

@testable import BahariService

@Suite("A migrated legacy database", .ownDatabases) struct MigratedTests {
  @Test("is served: catalog, messages and PostgreSQL fit together, with the views under the old names or without")
  func served() async throws {
    let options = ConnectionOptions(conninfo: try await TestCluster.shared().database(named: "service_migrated"))
    let session = try Session(options)
    for statement in LegacySchema.statements { try session.execute(statement) }
    _ = try Migrator(session: session).run()
    #expect(try SchemaVersions.migrate(session) == .current)
    #expect(try Resources(Catalog.tables, try LiveSchema(try Session(options))).all.count == 22)
    #expect(try CompatViews.drop(session).count == 11)
    #expect(try Resources(Catalog.tables, try LiveSchema(try Session(options))).all.count == 22)
  }
}
