import Foundation
import TestSupport
import Testing

/// The shared cluster of the other suites.
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

  @Test("the shared data are the regions at full scale", .enabled(if: SharedData.exists, "needs \(SharedData.wilayah)"))
  func sharedData() throws {
    for (file, rows) in [("provinces", 34), ("regencies", 514), ("districts", 7_266), ("villages", 83_467)] {
      let text = try String(contentsOfFile: "\(SharedData.wilayah)/\(file).csv", encoding: .utf8)
      #expect(text.utf8.count { $0 == UInt8(ascii: "\n") } == rows + 1, "\(file)")
    }
  }
}
