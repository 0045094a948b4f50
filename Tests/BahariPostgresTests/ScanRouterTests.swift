import TestSupport
import Testing

@testable import BahariPostgres

/// Where lists run, and what becomes of those nobody waits for.
@Suite("Scans", .onServer) struct ScanRouterTests {
  private func open(_ name: String) async throws -> (lane: LaneBench, session: Session) {
    let conninfo = try await TestCluster.shared().database(named: "scan_\(name)")
    let session = try Session(.inPublic(conninfo))
    let lane = LaneBench(conninfo, settings: ["statement_timeout": "20"])
    try await lane.open()
    return (lane, session)
  }

  /// A statement that takes as many seconds as its parameter.
  private static func sleep(_ seconds: Double) -> Bound {
    var parameters = Parameters()
    parameters.add(seconds)
    return Bound(Statement("SELECT 1 FROM (SELECT pg_sleep($1)) AS s", [701]), parameters)
  }

  @Test("a statement that proves quick moves to the lane, and leaves it when it holds up others") func quick()
    async throws
  {
    let (lane, _) = try await open("quick")
    // On a busy machine some runs are slow, and the quick ones are counted anew.
    try await eventually("a statement taken for quick is stopped on the lane, and finished elsewhere") {
      for _ in 0..<5 { _ = try await lane.scan(Self.sleep(0)) }
      let summary = try await lane.scan(Self.sleep(0.2)).summary
      return await lane.counters().moves >= 1 && summary == "1"
    }
    let sent = await lane.counters().jobs
    for _ in 0..<10 { #expect(try await lane.scan(Self.sleep(0)).summary == "1") }
    #expect(await lane.counters().jobs == sent, "banned for a while")
    await lane.close()
  }

  @Test("a statement that always takes long never comes near the lane") func slow() async throws {
    let (lane, _) = try await open("slow")
    for _ in 0..<8 { #expect(try await lane.scan(Self.sleep(0.01)).summary == "1") }
    #expect(await lane.counters().jobs == 0)
    await lane.close()
  }

  @Test("what nobody waits for is stopped in PostgreSQL, and its connection serves on", arguments: 1...3)
  func stopped(round: Int) async throws {
    let (lane, session) = try await open("stopped_\(round)")
    let running =
      "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND datname = current_database()"
      + " AND state = 'active' AND pid <> pg_backend_pid()"
    let answer = try await lane.abandoned("SELECT pg_sleep(600)") {
      try await eventually("it runs") { try session.query(running).count == 1 }
    }
    #expect(answer.summary == "57014")
    #expect(try session.query(running).count == 0)
    try await eventually("the connection is free") {
      await lane.shard.run { _ in
        let counts = lane.overflow.counts
        return counts.leased == 0 && counts.idle > 0
      }
    }
    #expect(try await lane.scan(Bound(Statement("SELECT 7"))).summary == "1")
    #expect(await lane.shard.run { _ in lane.overflow.counts.leased } == 0)
    await lane.close()
  }

  @Test("one that waits for a connection and is abandoned gives up its place") func unqueued() async throws {
    let (lane, session) = try await open("unqueued")
    try session.execute("SELECT pg_advisory_lock(1)")
    let blocked = Inbox<Job.Answer>()
    await lane.shard.run { shard in
      for _ in 0..<4 {
        let wait = Bound(Statement("SELECT 1 FROM (SELECT pg_advisory_xact_lock(1)) AS l"))
        lane.overflow.submit(Job(read: [wait]) { blocked.put($0) }, on: shard)
      }
    }
    try await eventually("all connections are busy") { await lane.shard.run { _ in lane.overflow.counts.leased == 4 } }
    let answer = try await lane.abandoned("SELECT 1") {}
    #expect(answer.summary == "abandoned")
    #expect(await lane.shard.run { _ in lane.overflow.counts.waiting } == 0)
    try session.execute("SELECT pg_advisory_unlock(1)")
    #expect(try await blocked.next(4).map(\.summary) == ["1", "1", "1", "1"])
    await lane.close()
  }
}
