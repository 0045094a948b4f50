import TestSupport
import Testing

@testable import BahariPostgres

/// The lane against a real server.
@Suite("Point lane", .onServer) struct LaneTests {
  private func open(
    _ name: String, limits: LaneLimits = LaneLimits(), settings: [String: String] = [:]
  ) async throws -> (lane: LaneBench, session: Session) {
    let conninfo = try await TestCluster.shared().database(named: "lane_\(name)")
    let session = try Session(ConnectionOptions(conninfo: conninfo))
    try session.execute("CREATE TABLE t (id int PRIMARY KEY, n int)")
    let lane = LaneBench(conninfo, limits: limits, settings: settings)
    try await lane.open()
    return (lane, session)
  }

  @Test("1,000 reads of one event are answered in order, in far fewer transactions") func reads() async throws {
    let (lane, session) = try await open("reads")
    let before = try session.query("SELECT txid_current()").int64(0, 0) ?? 0
    let statement = Statement("SELECT $1, txid_current()", [20])
    let jobs = (0..<1_000).map { number in
      var parameters = Parameters()
      parameters.add(Int64(number))
      return Work.read([Bound(statement, parameters)])
    }
    let answers = try await lane.submit(jobs).next(1_000)
    #expect(answers.map(\.0) == Array(0..<1_000))
    #expect(try answers.map { try $0.1.get()[0].int64(0, 0) } == (0..<1_000).map(Int64.init))
    // A Sync ends a transaction, so the number of transactions is that of Syncs.
    let transactions = Set(try answers.map { try $0.1.get()[0].int64(0, 1) ?? 0 })
    #expect(transactions.count < 50)
    #expect(transactions.allSatisfy { $0 > before })
    await lane.close()
  }

  @Test("a read that fails fails alone") func oneFails() async throws {
    let (lane, _) = try await open("one_fails")
    let jobs = (0..<20).map { $0 == 7 || $0 == 13 ? Work.read("SELECT 1 / 0") : Work.read("SELECT \($0)::int4") }
    var summaries: [Int: String] = [:]
    for (place, answer) in try await lane.submit(jobs).next(20) {
      summaries[place] = try? answer.get()[0].int32(0, 0).map { "\($0)" } ?? "?"
      if summaries[place] == nil { summaries[place] = answer.summary }
    }
    for place in 0..<20 { #expect(summaries[place] == (place == 7 || place == 13 ? "22012" : "\(place)")) }
    // One that does not even parse, and the statement of a neighbour that was prepared behind it.
    let again = try await lane.submit([.read("SELEC"), .read("SELECT 99"), .write("INSERT INTO t VALUES (1, 1)")]).next(
      3)
    #expect(Dictionary(uniqueKeysWithValues: again.map { ($0.0, $0.1.summary) }) == [0: "42601", 1: "1", 2: "1"])
    await lane.close()
  }

  @Test("writes of one event are each committed or refused by itself") func writes() async throws {
    let (lane, session) = try await open("writes")
    let jobs = [
      Work.write("INSERT INTO t VALUES (1, 1)"), .write("INSERT INTO t VALUES (1, 2)"), .read("SELECT id FROM t"),
      .write([Bound(Statement("INSERT INTO t VALUES (2, 2)")), Bound(Statement("SELECT 1 / 0"))]),
      .write("INSERT INTO t VALUES (3, 3)"),
    ]
    let answers = try await lane.submit(jobs).next(5)
    #expect(answers.sorted { $0.0 < $1.0 }.map(\.1.summary) == ["1", "23505", "1", "22012", "1"])
    #expect(try session.query("SELECT id FROM t ORDER BY id").count == 2)
    #expect(try session.query("SELECT n FROM t WHERE id = 1").int32(0, 0) == 1)
    await lane.close()
  }

  @Test("what PostgreSQL refuses at the commit is refused, and its neighbours go on") func deferred() async throws {
    let (lane, session) = try await open("deferred")
    try session.execute(
      "CREATE TABLE child (id int REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED); INSERT INTO t VALUES (1, 1)")
    let jobs = [
      Work.write("INSERT INTO child VALUES (1)"), .write("INSERT INTO child VALUES (404)"),
      .write("INSERT INTO child VALUES (1)"), .read("SELECT 1"),
    ]
    let inbox = await lane.submit(jobs)
    var summaries: [Int: String] = [:]
    for (place, answer) in try await inbox.next(4) { summaries[place] = answer.summary }
    #expect(summaries == [0: "1", 1: "23503", 2: "1", 3: "1"])
    #expect(try session.query("SELECT 1 FROM child").count == 2)
    #expect(try await lane.run(.read("SELECT 2")).summary == "1")
    await lane.close()
  }

  @Test("a commit that PostgreSQL did not let a standby confirm is not certain") func unconfirmed() async throws {
    let (lane, session) = try await open("unconfirmed")
    // The warning that a session gives when its wait for the standby is cancelled, after the commit on this server.
    try session.execute(
      """
      CREATE FUNCTION warn(code text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
        RAISE WARNING 'canceling wait for synchronous replication' USING ERRCODE = code; RETURN 1;
      END $$
      """)
    #expect(try await lane.run(.write("SELECT warn('57014')")).summary == "lost")
    #expect(try await lane.run(.write("SELECT warn('57P01')")).summary == "lost")
    #expect(try await lane.run(.write("SELECT warn('01000')")).summary == "1")
    #expect(try await lane.run(.write("SELECT 1")).summary == "1")
    await lane.close()
  }

  @Test("a write that lost against another is repeated, a bounded number of times") func conflicts() async throws {
    let (lane, session) = try await open("conflicts")
    // A sequence counts attempts, since what a failed attempt writes is undone.
    try session.execute(
      """
      CREATE SEQUENCE tries;
      CREATE FUNCTION conflict(most int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('tries') <= most THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END IF;
        INSERT INTO t VALUES (nextval('tries'), 0); RETURN 1;
      END $$
      """)
    #expect(try await lane.run(.write("SELECT conflict(1)")).summary == "1")
    #expect(try session.query("SELECT 1 FROM t").count == 1)
    #expect(try await lane.run(.write("SELECT conflict(1000)")).summary == "40001")
    let tries = try session.query("SELECT last_value FROM tries").int64(0, 0)
    #expect(tries == 23, "two attempts and a row before, then 20")
    await lane.close()
  }

  /// Ends the lane's backend while it runs a statement that waits for a lock of ours.
  private func killed(_ work: Work, _ lane: LaneBench, _ session: Session) async throws -> Job.Answer {
    try session.execute("SELECT pg_advisory_lock(1)")
    let inbox = await lane.submit([work])
    let waits =
      "SELECT a.pid FROM pg_stat_activity a WHERE a.datname = current_database() AND a.wait_event_type = 'Lock'"
    try await eventually("the lane waits") { try session.query(waits).count == 1 }
    #expect(try session.query("SELECT pg_terminate_backend(pid) FROM (\(waits)) AS w").bool(0, 0) == true)
    try session.execute("SELECT pg_advisory_unlock(1)")
    return try await inbox.next().1
  }

  @Test("a killed backend: reads are answered by the next one, writes are never made twice") func killed() async throws
  {
    let (lane, session) = try await open("killed")
    // For the transaction only: the lane is not to keep the lock from the next round.
    let wait = "(SELECT 1 FROM (SELECT pg_advisory_xact_lock(1)) AS l)"
    for round in 1...10 {
      #expect(try await killed(.read("SELECT \(wait)"), lane, session).summary == "1", "round \(round)")
      let answer = try await killed(.write("INSERT INTO t SELECT \(round), \(wait)"), lane, session)
      #expect(["57P01", "lost"].contains(answer.summary), "round \(round)")
      #expect(try session.query("SELECT 1 FROM t").count == 0, "the killed write is not there, nor made again")
      #expect(try await lane.run(.read("SELECT 1")).summary == "1", "round \(round)")
    }
    await lane.close()
  }

  @Test("a backend killed while idle is replaced, and the next read succeeds") func killedIdle() async throws {
    let (lane, session) = try await open("killed_idle")
    for round in 0..<10 {
      let killed = try session.query(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
        """)
      #expect(killed.count == 1)
      #expect(try await lane.run(.read("SELECT 1")).summary == "1", "round \(round)")
    }
    await lane.close()
  }

  @Test("a database that takes no connections: refused at once; up again by itself") func unreachable() async throws {
    let cluster = try await TestCluster.shared()
    _ = try await cluster.database(named: "lane_closed")
    try await cluster.execute("ALTER DATABASE lane_closed ALLOW_CONNECTIONS false")
    let lane = LaneBench(cluster.cluster.conninfo(database: "lane_closed"))
    await lane.shard.run { lane.lane.open(on: $0) }
    // Both are refused: the first when the attempt to connect fails, the second at once.
    #expect(try await lane.run(.read("SELECT 1")).summary == "unavailable")
    #expect(try await lane.run(.write("SELECT 1")).summary == "unavailable")
    #expect(await lane.shard.run { _ in lane.lane.isUp } == false)
    try await cluster.execute("ALTER DATABASE lane_closed ALLOW_CONNECTIONS true")
    let up = Inbox<Void>()
    await lane.shard.run { _ in lane.lane.whenUp { up.put(()) } }
    try await up.next()
    #expect(try await lane.run(.read("SELECT 1")).summary == "1")
    #expect(lane.report.all.count == 1, "an outage is one line of the log")
    #expect(lane.report.all.allSatisfy { $0.hasPrefix("lane test: ") })
    await lane.close()
    #expect(try await lane.run(.read("SELECT 1")).summary == "unavailable", "closed for good")
  }

  @Test("a statement whose table has changed, or that was forgotten, is prepared again") func stale() async throws {
    let (lane, session) = try await open("stale")
    let read = Work.read("SELECT * FROM t")
    #expect(try await lane.run(read).summary == "0")
    try session.execute("ALTER TABLE t ADD more int; INSERT INTO t VALUES (1, 2, 3)")
    let rows = try await lane.run(read).get()
    #expect(rows[0].columns == 3)
    let insert = Work.write("INSERT INTO t VALUES (2, 2, 2) RETURNING *")
    #expect(try await lane.run(insert).summary == "1")
    try session.execute("ALTER TABLE t DROP more; DELETE FROM t WHERE id = 2; ALTER TABLE t ADD again int")
    #expect(try await lane.run(insert).summary == "1")
    #expect(try await lane.run(.write("DEALLOCATE ALL")).summary == "0")
    #expect(try await lane.run(read).summary == "2")
    await lane.close()
  }

  @Test("more statements than a connection keeps") func eviction() async throws {
    let (lane, session) = try await open("eviction")
    let jobs = (0..<600).map { Work.read("SELECT \($0)::int4") }
    for _ in 0..<2 {
      let answers = try await lane.submit(jobs).next(600)
      #expect(try answers.map { try $0.1.get()[0].int32(0, 0) } == (0..<600).map(Int32.init))
    }
    let kept = try await lane.run(.read("SELECT count(*) FROM pg_prepared_statements")).get()[0].int64(0, 0)
    #expect(kept == 256)
    _ = session
    await lane.close()
  }

  @Test("abandoned jobs are dropped before they are sent, and the queue is limited") func limits() async throws {
    var limits = LaneLimits()
    (limits.groups, limits.fullGroups, limits.groupWeight, limits.queue) = (1, 1, 1, 3)
    let (lane, session) = try await open("limits", limits: limits)
    let inbox = Inbox<String>()
    await lane.shard.run { shard in
      for number in 1...5 {
        let job = Job(write: [Bound(Statement("INSERT INTO t VALUES (\(number), 0)"))]) { inbox.put($0.summary) }
        lane.lane.submit(job, on: shard)
        if number == 2 { job.abandon() }
      }
    }
    // The second makes room for the fourth.
    #expect(try await inbox.next(5).sorted() == ["1", "1", "1", "abandoned", "overloaded"])
    #expect(try session.query("SELECT id FROM t ORDER BY id").count == 3)
    await lane.close()
  }
}
