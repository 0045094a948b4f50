import TestSupport
import Testing

/// What other suites lean on.
@Suite("Test cluster") struct TestClusterTests {
  @Test("databases are fresh, apart from each other, and copies of their template") func databases() async throws {
    let cluster = try await TestCluster.shared()
    try await cluster.template(named: "fish template") { conninfo in
      try await Psql.run(
        "CREATE TABLE ikan AS SELECT 1 AS id;", conninfo: conninfo, binaries: cluster.cluster.binaries)
    }
    for name in ["it's one", "two"] {
      _ = try await cluster.database(named: name, from: "fish template")
      try await cluster.execute("INSERT INTO ikan VALUES (2)", in: name)
      #expect(try await cluster.execute("SELECT count(*) FROM ikan", in: name) == "2")
    }
    let conninfo = try await cluster.database(named: "two")
    let tables = try await Psql.run(
      "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", conninfo: conninfo,
      binaries: cluster.cluster.binaries)
    #expect(tables == "0")
    #expect(try await TestCluster.shared() === cluster)
  }
}
