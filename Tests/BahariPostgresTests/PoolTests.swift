import BahariShard
import TestSupport
import Testing

@testable import BahariPostgres

@Suite("Pool", .onServer) struct PoolTests {
  private func open(
    _ name: String, size: Int = 2, settings: [String: String] = [:]
  ) async throws -> (pool: PoolBench, session: Session) {
    let conninfo = try await TestCluster.shared().database(named: "pool_\(name)")
    let session = try Session(.inPublic(conninfo))
    try session.execute("CREATE TABLE t (id int PRIMARY KEY)")
    var limits = PoolLimits()
    limits.size = size
    return (PoolBench(conninfo, limits: limits, settings: settings), session)
  }

  /// What one user does with a lease.
  private func lease(
    _ bench: PoolBench, _ body: @escaping @Sendable (isolated Shard, Lease) async throws -> Void
  ) async throws {
    try await bench.shard.lease(bench, body)
  }

  @Test("two hundred jobs share two connections") func jobs() async throws {
    let (pool, _) = try await open("jobs")
    let inbox = Inbox<Int32>()
    await pool.shard.run { shard in
      for _ in 0..<200 {
        let job = Job(read: [Bound(Statement("SELECT pg_backend_pid()"))]) { answer in
          inbox.put((try? answer.get()[0].int32(0, 0)) ?? -1)
        }
        pool.pool.submit(job, on: shard)
      }
    }
    let pids = Set(try await inbox.next(200))
    #expect(pids.count == 2 && !pids.contains(-1))
    #expect(await pool.counts() == [0, 2, 0, 0])
    await pool.close()
  }

  @Test("a lease is one user's alone; the next waits for its return") func exclusive() async throws {
    let (pool, _) = try await open("exclusive", size: 1)
    let order = Inbox<String>()
    let release = Inbox<Void>()
    async let first: Void = lease(pool) { shard, lease in
      order.put("first has it")
      try await release.next()
      _ = try await lease.run([Bound(Statement("SELECT 1"))], on: shard)
      order.put("first is done")
    }
    #expect(try await order.next() == "first has it")
    async let second: Void = lease(pool) { _, _ in order.put("second has it") }
    try await eventually("the second waits") { await pool.counts() == [0, 0, 1, 1] }
    release.put(())
    #expect(try await order.next(2) == ["first is done", "second has it"])
    _ = try await (first, second)
    await pool.close()
  }

  @Test("a connection given back within a transaction is closed, which undoes it") func openTransaction() async throws {
    let (pool, session) = try await open("open_transaction", size: 1)
    try await lease(pool) { shard, lease in
      _ = try await lease.run([Bound(Statement("BEGIN"))], on: shard)
      _ = try await lease.run([Bound(Statement("INSERT INTO t VALUES (1)"))], on: shard)
    }
    #expect(await pool.counts() == [0, 0, 0, 0])
    #expect(try await pool.read([Bound(Statement("SELECT id FROM t"))]).summary == "0")
    try await lease(pool) { shard, lease in
      for sql in ["BEGIN", "INSERT INTO t VALUES (2)", "COMMIT"] {
        _ = try await lease.run([Bound(Statement(sql))], on: shard)
      }
    }
    #expect(await pool.counts() == [0, 1, 0, 0], "one that ended its transaction is kept")
    #expect(try session.query("SELECT id FROM t").int32(0, 0) == 2)
    await pool.close()
  }

  @Test("a killed backend: reads are sent again, writes and leases fail, and the pool recovers") func killed()
    async throws
  {
    let (pool, session) = try await open("killed", size: 1)
    let kill =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    #expect(try await pool.read([Bound(Statement("SELECT 1"))]).summary == "1")
    try session.query(kill)
    try await eventually("the loss is seen") { await pool.counts() == [0, 0, 0, 0] }
    #expect(try await pool.write([Bound(Statement("INSERT INTO t VALUES (1)"))]).summary == "1")
    let end = Inbox<String>()
    try await lease(pool) { shard, lease in
      _ = try await lease.run([Bound(Statement("BEGIN"))], on: shard)
      do throws(PostgresFailure) {
        _ = try await lease.run([Bound(Statement("SELECT pg_terminate_backend(pg_backend_pid())"))], on: shard)
        end.put("success")
      } catch { end.put(Job.Answer.failure(error).summary) }
    }
    #expect(["57P01", "lost"].contains(try await end.next()))
    #expect(try await pool.read([Bound(Statement("SELECT id FROM t"))]).summary == "1")
    await pool.close()
  }

  @Test("a connection to a server that takes no writes any more is not kept") func readOnly() async throws {
    let (pool, _) = try await open("read_only", size: 1, settings: ["default_transaction_read_only": "on"])
    #expect(try await pool.write([Bound(Statement("INSERT INTO t VALUES (1)"))]).summary == "25006")
    #expect(await pool.counts() == [0, 0, 0, 0])
    #expect(try await pool.read([Bound(Statement("SELECT 1"))]).summary == "1")
    #expect(await pool.counts() == [0, 1, 0, 0])
    await pool.close()
  }

  @Test("without a server jobs are refused; they are served once there is one") func unreachable() async throws {
    let cluster = try await TestCluster.shared()
    _ = try await cluster.database(named: "pool_closed")
    try await cluster.execute("ALTER DATABASE pool_closed ALLOW_CONNECTIONS false")
    let pool = PoolBench(cluster.cluster.conninfo(database: "pool_closed"))
    #expect(try await pool.read([Bound(Statement("SELECT 1"))]).summary == "unavailable")
    try await eventually("another attempt, in vain") { try await pool.connects() }
    try await cluster.execute("ALTER DATABASE pool_closed ALLOW_CONNECTIONS true")
    try await eventually("the pool is back") { try await pool.read([Bound(Statement("SELECT 1"))]).summary == "1" }
    #expect(pool.report.all.count == 1, "an outage is one line of the log")
    #expect(pool.report.all.allSatisfy { $0.hasPrefix("pool test: ") })
    await pool.close()
    #expect(try await pool.read([Bound(Statement("SELECT 1"))]).summary == "unavailable")
  }
}

extension Shard {
  /// Leases, runs `body`, and gives back whatever happens.
  fileprivate func lease(
    _ bench: PoolBench, _ body: @Sendable (isolated Shard, Lease) async throws -> Void
  ) async throws {
    let lease = try await bench.pool.lease(on: self)
    defer { lease.release(on: self) }
    try await body(self, lease)
  }
}
