import TestSupport
import Testing

@testable import BahariPostgres

/// How a lane puts jobs together, against a real server.
@Suite("Point lane: groups", .onServer) struct LaneGroupTests {
  private func open(
    _ name: String, limits: LaneLimits = LaneLimits(), settings: [String: String] = [:]
  ) async throws -> (lane: LaneBench, session: Session) {
    let conninfo = try await TestCluster.shared().database(named: "group_\(name)")
    let session = try Session(.inPublic(conninfo))
    try session.execute("CREATE TABLE t (id int PRIMARY KEY, n int); CREATE TABLE u (id int PRIMARY KEY)")
    let lane = LaneBench(conninfo, limits: limits, settings: settings)
    try await lane.open()
    return (lane, session)
  }

  private static func waits(_ session: Session, _ count: Int) throws -> Bool {
    try session.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).count == count
  }

  @Test("a lone job leaves at once; what comes while groups are on their way leaves together") func batching()
    async throws
  {
    let (lane, session) = try await open("batching")
    try session.execute("SELECT pg_advisory_lock(1)")
    let blocked = await lane.submit([.read("SELECT 1 FROM (SELECT pg_advisory_xact_lock(1)) AS l")])
    try await eventually("the first waits for our lock") { try Self.waits(session, 1) }
    // The second group is sent and lies ready behind the first; the others wait for one of the two.
    let second = await lane.submit([.read("SELECT txid_current()")])
    #expect(await lane.counters().syncs == 2)
    var inboxes: [Inbox<(Int, Job.Answer)>] = []
    for _ in 0..<10 { inboxes.append(await lane.submit([.read("SELECT txid_current()")])) }
    #expect(await lane.counters().syncs == 2)
    try session.execute("SELECT pg_advisory_unlock(1)")
    #expect(try await blocked.next().1.summary == "1")
    #expect(try await second.next().1.summary == "1")
    var transactions: Set<Int64> = []
    for inbox in inboxes { transactions.insert(try await inbox.next().1.get()[0].int64(0, 0) ?? 0) }
    #expect(transactions.count == 1)
    let counters = await lane.counters()
    #expect((counters.syncs, counters.jobs, counters.statements) == (3, 12, 12))
    await lane.close()
  }

  @Test("without batching every statement leaves by itself, in the event it came in") func unbatched() async throws {
    let (lane, _) = try await open("unbatched", limits: .unbatched)
    _ = try await lane.submit((0..<40).map { .read("SELECT \($0)") }).next(40)
    #expect(await lane.counters().syncs == 40)
    await lane.close()
  }

  @Test("without pipelining one statement is on the way at a time") func unpipelined() async throws {
    let (lane, session) = try await open("unpipelined", limits: .unpipelined)
    try session.execute("SELECT pg_advisory_lock(1)")
    let inbox = await lane.submit([
      .read("SELECT 1 FROM (SELECT pg_advisory_xact_lock(1)) AS l"), .read("SELECT 1"),
      .create("INSERT INTO u VALUES (1)"),
    ])
    try await eventually("the first waits for our lock") { try Self.waits(session, 1) }
    #expect(await lane.counters().syncs == 1)
    try session.execute("SELECT pg_advisory_unlock(1)")
    #expect(try await inbox.next(3).map(\.1.summary) == ["1", "1", "1"])
    #expect(await lane.counters().syncs == 3)
    await lane.close()
  }

  @Test("creates that wait together share a commit; other writes have their own") func groupCommit() async throws {
    let (lane, session) = try await open("commit")
    let answers = try await lane.submit((0..<16).map { .create("INSERT INTO t VALUES (\($0), 0)") }).next(16)
    #expect(answers.map(\.1.summary) == Array(repeating: "1", count: 16))
    #expect(try session.query("SELECT DISTINCT xmin FROM t").count == 1)
    #expect(await lane.counters().syncs == 1)
    let writes = (0..<3).map { Work.write("UPDATE t SET n = 1 WHERE id = \($0)") }
    #expect(try await lane.submit(writes).next(3).map(\.1.summary) == ["1", "1", "1"])
    #expect(try session.query("SELECT DISTINCT xmin FROM t WHERE n = 1").count == 3)
    await lane.close()
  }

  @Test("one create of 16 must fail: the others exist, and each caller gets its own answer", arguments: [0, 7, 15])
  func oneFails(bad: Int) async throws {
    let (lane, session) = try await open("fails_\(bad)")
    try session.execute("INSERT INTO t VALUES (1000, 0)")
    let jobs = (0..<16).map { Work.create("INSERT INTO t VALUES (\($0 == bad ? 1000 : $0), 0)") }
    let answers = try await lane.submit(jobs).next(16)
    for (place, answer) in answers { #expect(answer.summary == (place == bad ? "23505" : "1"), "\(place)") }
    #expect(try session.query("SELECT id FROM t").count == 16)
    let counters = await lane.counters()
    #expect((counters.syncs, counters.repeats) == (17, 16), "one group, then each by itself")
    await lane.close()
  }

  @Test("two creates of one key in a group: one wins") func sameKey() async throws {
    let (lane, session) = try await open("same")
    let answers = try await lane.submit((0..<8).map { .create("INSERT INTO t VALUES (\($0 / 2), \($0))") }).next(8)
    #expect(answers.map(\.1.summary).sorted() == ["1", "1", "1", "1", "23505", "23505", "23505", "23505"])
    #expect(try session.query("SELECT id FROM t").count == 4)
    await lane.close()
  }

  @Test("what a commit refuses is refused to its caller alone") func deferredInGroup() async throws {
    let (lane, session) = try await open("deferred")
    try session.execute(
      "CREATE TABLE child (id int REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED); INSERT INTO t VALUES (1, 1)")
    let jobs = (0..<5).map { Work.create("INSERT INTO child VALUES (\($0 == 3 ? 404 : 1))") }
    for (place, answer) in try await lane.submit(jobs).next(5) {
      #expect(answer.summary == (place == 3 ? "23503" : "1"), "\(place)")
    }
    #expect(try session.query("SELECT 1 FROM child").count == 4)
    await lane.close()
  }

  @Test("two lanes that group the same keys in opposite orders: every key is made once, every caller answered")
  func oppositeOrders() async throws {
    let settings = ["lock_timeout": "20"]
    let (one, session) = try await open("orders", settings: settings)
    let other = LaneBench(try await TestCluster.shared().cluster.conninfo(database: "group_orders"), settings: settings)
    try await other.open()
    for round in 0..<10 {
      let keys = (0..<16).map { round * 16 + $0 }
      let first = await one.submit(keys.map { .create("INSERT INTO t VALUES (\($0), 1)") })
      let second = await other.submit(keys.reversed().map { .create("INSERT INTO t VALUES (\($0), 2)") })
      let summaries = try await first.next(16).map(\.1.summary) + (try await second.next(16).map(\.1.summary))
      #expect(summaries.count { $0 == "1" } == 16, "round \(round)")
      #expect(summaries.count { $0 == "23505" } == 16, "round \(round)")
    }
    #expect(try session.query("SELECT id FROM t").count == 160)
    await one.close()
    await other.close()
  }

  @Test("a locked table holds up its own callers alone") func locked() async throws {
    let (lane, session) = try await open("locked", settings: ["lock_timeout": "20"])
    try session.execute("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
    let stuck = await lane.submit([.read("SELECT count(*) FROM t"), .create("INSERT INTO t VALUES (1, 1)")])
    for round in 0..<5 { #expect(try await lane.run(.read("SELECT \(round) FROM pg_class LIMIT 1")).summary == "1") }
    try await eventually("both have moved on") { await lane.counters().moves == 2 }
    #expect(
      try await lane.submit([.read("SELECT 1"), .create("INSERT INTO u VALUES (1)")]).next(2).map(\.1.summary) == [
        "1", "1",
      ])
    try session.execute("COMMIT")
    #expect(try await stuck.next(2).map(\.1.summary) == ["1", "1"])
    #expect(try session.query("SELECT 1 FROM t").count == 1)
    await lane.close()
  }

  @Test("what has just held up others goes elsewhere at once, for a while") func banned() async throws {
    let (lane, session) = try await open("banned", settings: ["lock_timeout": "20"])
    try session.execute("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
    let bound = Bound(Statement("SELECT count(*) FROM t"))
    var blocked: [Inbox<(Int, Job.Answer)>] = []
    var sent = 0
    // The ban lasts a second, which a busy machine may let pass between the first and the others.
    try await eventually("while it is banned, none is tried on the lane") {
      let moves = await lane.counters().moves
      blocked.append(await lane.submit([.read([bound])]))
      try await eventually("the first has moved on") { await lane.counters().moves == moves + 1 }
      sent = await lane.counters().jobs
      for _ in 0..<3 { blocked.append(await lane.submit([.read([bound])])) }
      try await eventually("the others have too") { await lane.counters().moves == moves + 4 }
      return await lane.counters().jobs == sent
    }
    try session.execute("COMMIT")
    for inbox in blocked { #expect(try await inbox.next().1.summary == "1") }
    try await eventually("the lane takes it again") {
      let summary = try await lane.run(.read([bound])).summary
      return await lane.counters().jobs > sent && summary == "1"
    }
    await lane.close()
  }

  @Test("a backend killed in the middle of a group: nothing of it is there, and each create is made once")
  func killed() async throws {
    let (lane, session) = try await open("killed")
    try session.execute("SELECT pg_advisory_lock(1)")
    var jobs = (0..<4).map { Work.create("INSERT INTO t VALUES (\($0), 0)") }
    jobs.append(.create("INSERT INTO t SELECT 9, 1 FROM (SELECT pg_advisory_xact_lock(1)) AS l"))
    let inbox = await lane.submit(jobs)
    try await eventually("the group waits for our lock") { try Self.waits(session, 1) }
    try session.execute(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    try session.execute("SELECT pg_advisory_unlock(1)")
    // The end of the connection undid the group for sure, so its creates are made again, each by itself.
    #expect(try await inbox.next(5).map(\.1.summary) == ["1", "1", "1", "1", "1"])
    #expect(try session.query("SELECT DISTINCT xmin FROM t").count == 5)
    await lane.close()
  }
}
