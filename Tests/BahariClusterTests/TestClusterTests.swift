import Foundation
import Synchronization
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

@Suite("Off the pool", .offPool) struct OffPoolTests {
  @Test("tests run on threads of their own, also after they waited") func thread() async {
    #expect(BlockingExecutor.isCurrent)
    await Task.yield()
    #expect(BlockingExecutor.isCurrent)
    #expect(await Task.detached { !BlockingExecutor.isCurrent }.value)
  }
}

@Suite("Turns") struct TurnsTests {
  private final class Counts: Sendable {
    let running = Atomic(0)
    let most = Atomic(0)
    let done = Atomic(0)
  }

  @Test("as many run at a time as there are turns, and all come to theirs") func few() async {
    let turns = Turns(3)
    let counts = Counts()
    await withTaskGroup { group in
      for _ in 0..<100 {
        group.addTask {
          await turns.take {
            counts.most.max(counts.running.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
            for _ in 0..<10 { await Task.yield() }
            counts.running.subtract(1, ordering: .relaxed)
            counts.done.add(1, ordering: .relaxed)
          }
        }
      }
    }
    #expect(counts.done.load(ordering: .relaxed) == 100)
    #expect((2...3).contains(counts.most.load(ordering: .relaxed)))
  }

  @Test("a turn that fails is given back") func failing() async throws {
    struct Failed: Error {}
    let turns = Turns(1)
    for _ in 0..<3 { await #expect(throws: Failed.self) { try await turns.take { throw Failed() } } }
    #expect(await turns.take { 7 } == 7)
  }
}
