import BahariClient
import TestSupport
import Testing

/// PostgreSQL fails under load. No acknowledged write is lost, none is made twice, no refused write has an effect, and
/// every call is answered.
///
/// Each test has a cluster of its own and waits more than it works, so all begin at once and take no turns.
@Suite(.offPool(.endToEnd)) struct Faults {
  /// How often each fault happens: six times in a run of all tests, as often as is given if the suite is asked for.
  private static func rounds(_ many: Int) -> Int { ByName.isAsked("Faults") ? many : 6 }

  @Test("The postmaster is killed and started again, at once or after a while")
  func postmaster() async throws {
    try await survive("kill -9 of the postmaster", from: "PostgreSQL's taking connections", rounds: Self.rounds(50)) {
      cluster, round, _ in
      // So long that attempts to connect have become rare.
      try await cluster.killPostmaster(away: round.isMultiple(of: 4) ? .seconds(6) : .zero)
    }
  }

  @Test("A session is killed, and PostgreSQL recovers by itself")
  func session() async throws {
    try await survive("kill -9 of a session", from: "the kill", rounds: Self.rounds(200)) { cluster, _, random in
      try await cluster.killSession(&random)
    }
  }

  @Test("PostgreSQL is stopped for five seconds, with all its connections open")
  func standstill() async throws {
    try await survive("SIGSTOP for 5 s", from: "SIGCONT", rounds: Self.rounds(20)) { cluster, _, _ in
      try await cluster.standStill(for: .seconds(5))
    }
  }

  private func survive(
    _ name: String, from begin: String, rounds: Int, _ harm: (HarmedCluster, Int, inout Seeded) async throws -> Harm
  ) async throws {
    let cluster = try await HarmedCluster()
    let daemon = try Daemon(conninfo: cluster.conninfo)
    try await daemon.ready()
    try await cluster.sql(Regions.sql)
    let load = FaultLoad(daemon)
    let client = BahariClient(socketPath: daemon.socket, timeout: .seconds(5), attempts: 1)
    var random = Seeded(7)
    var log = FaultLog()
    var recovery = Recovery("\(name), from \(begin)")
    var probe: Int64 = 0
    for round in 1...rounds {
      let before = load.progress
      try await eventually("creates in round \(round)") { load.progress >= before + 40 }
      load.goodCalls.clear()
      let done = try await harm(cluster, round, &random)
      try await eventually("answers after round \(round)") {
        probe += 1
        guard await log.create(probe, client) else { return false }
        return await log.get(probe, client)
      }
      try await recovery.add(done, load.goodCalls)
    }
    log.add(await load.end())
    print("\(name): \(rounds) rounds, \(log.summary)")
    // A client on a busy machine may stop waiting before it has read the answer; the daemon has given one to every call.
    try await eventually("the end of every call") { try await client.stats().data.callsInFlight == 1 }
    print(recovery.line)
    #expect(log.wrong.isEmpty, "\(log.wrong.count), the first: \(log.wrong.prefix(3))")
    #expect(log.taken.isEmpty, "made twice: \(log.taken.prefix(10))")
    let rows = try await ids(cluster)
    #expect(log.ok.subtracting(rows).isEmpty, "acknowledged and lost: \(log.ok.subtracting(rows).sorted())")
    let refused = log.notApplied.intersection(rows)
    #expect(refused.isEmpty, "refused and there: \(refused.sorted())")
    #expect(try await daemon.stop() == 0)
    try await cluster.stop()
  }

  /// The ids of the rows that the load made.
  private func ids(_ cluster: HarmedCluster) async throws -> Set<Int64> {
    var ids: Set<Int64> = []
    var last: Int64 = 0
    while true {
      let page = try await cluster.sql(
        "SELECT id FROM public.mst_desa WHERE id > \(last) AND id < 1000000000 ORDER BY id LIMIT 50000")
      let found = page.split(separator: "\n").compactMap { Int64($0) }
      guard let end = found.last else { return ids }
      ids.formUnion(found)
      last = end
    }
  }
}
