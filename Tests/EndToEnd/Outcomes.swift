import BahariPostgres
import Foundation
import TestSupport
import Testing

/// A failed call's `outcome` is compared with the tables: nothing that is `not_applied` is there, nothing that is
/// `applied` is missing, and no repetition by request id gets another answer than the first success. The calls are
/// writes of all methods on all tables, with deadlines and cancels around the moment of their commit, rows as large as
/// a frame, batches that deadlock, ended sessions and a killed PostgreSQL.
///
/// The suite has a cluster of its own, and takes no turns: it waits more than it works.
@Suite(.offPool(.endToEnd)) struct Outcomes {
  @Test("2,000 writes under fire")
  func someWrites() async throws { try await OutcomeSite().run(rounds: 1, of: 2_000) }

  @Test(
    "100,000 writes under fire",
    .enabled(
      if: ByName.isAsked("everyWrite"),
      "takes a quarter of an hour; run it with: swift test --filter Outcomes.everyWrite"))
  func everyWrite() async throws { try await OutcomeSite().run(rounds: 50, of: 2_000, from: 2) }
}

/// A daemon and a cluster of their own, on which plans are carried out one after the other.
struct OutcomeSite {
  private let cluster: HarmedCluster
  private let daemon: Daemon
  private let schema: OutcomeSchema

  init() async throws {
    cluster = try await HarmedCluster()
    daemon = try Daemon(conninfo: cluster.conninfo)
    try await daemon.ready()
    schema = try OutcomeSchema(try await daemon.client.describe())
  }

  /// Each round has the next seed and begins with empty tables.
  func run(rounds: Int, of count: Int, from seed: UInt64 = 1) async throws {
    var violations: [String] = []
    for seed in seed..<seed + UInt64(rounds) { violations += try await round(seed, count) }
    let text = violations.prefix(10).joined(separator: "\n")
    #expect(violations.isEmpty, "\(violations.count) in \(rounds * count) writes, the first:\n\(text)")
    #expect(try await daemon.stop() == 0)
    try await cluster.stop()
  }

  private func round(_ seed: UInt64, _ count: Int) async throws -> [String] {
    let begin = ContinuousClock.now
    let load = OutcomeLoad(OutcomePlan(seed: seed, count: count, schema), schema)
    try prepare(load.plan)
    let fire = try await shoot(load)
    try await quiet()
    var judge = OutcomeJudge(load)
    let before = try tables()
    judge.compare(before)
    let repetitions = try await repeatAll(load)
    try await quiet()
    judge.compare(repetitions, before, try tables())
    let counts = judge.outcomes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    print(
      """
      outcomes, seed \(seed): \(count) writes in \((ContinuousClock.now - begin) / .seconds(1)) s; answers: \(counts); \
      \(fire); not_applied beside another attempt that was: \(judge.attemptsOnly); \(judge.violations.count) violations
      """)
    let failures = judge.failures.sorted { $0.key < $1.key }.map { "  \($0.value) \($0.key)" }
    print(failures.joined(separator: "\n"))
    // While calls only fail, nothing is compared.
    #expect(judge.outcomes["success", default: 0] > count / 40, "seed \(seed)")
    for violation in judge.violations { print("violation, \(violation)") }
    // Each round is seen when it ends, and not when a buffer is full.
    fflush(nil)
    return judge.violations
  }

  private func session() throws -> Session { try Session(ConnectionOptions(conninfo: cluster.conninfo)) }
  private func tables() throws -> OutcomeTables { try OutcomeTables(try session(), schema) }

  /// Empties the tables and fills in the rows that the plan's writes refer to or change.
  private func prepare(_ plan: OutcomePlan) throws {
    let session = try session()
    let names = schema.tables.map { "public.\($0.name)" }.joined(separator: ", ")
    try session.execute("TRUNCATE \(names) RESTART IDENTITY")
    for (place, table) in schema.tables.enumerated() {
      let writes = plan.writes.filter { $0.table == place && $0.isOfOldRows }
      let numbers = [0] + writes.flatMap { Array($0.numbers) }
      try session.execute(table.insert(numbers))
      for write in writes where write.filled > 0 {
        try session.execute(
          "UPDATE public.\(table.name) SET \"\(table.second ?? table.mark)\" = repeat('y', \(write.filled)) "
            + "WHERE id = \(OutcomeTable.id(write.numbers.lowerBound))")
      }
    }
  }

  private func shoot(_ load: OutcomeLoad) async throws -> String {
    let writes = load.plan.writes
    let shots = { (isHeavy: Bool) in
      OutcomeShots(
        writes.filter { $0.isHeavy == isHeavy }.flatMap { write in
          write.haste.map { OutcomeShot(write: write.index, haste: $0) }
        })
    }
    let (light, heavy) = (shots(false), shots(true))
    let fire = OutcomeFire(cluster)
    async let sessions: Void = fire.endSessions(load.plan.seed)
    async let kills: Void = fire.killPostgreSQL(3, load.plan.seed, during: light)
    let result: Result<Void, any Error>
    do { result = .success(try await load.fire(daemon.socket, light, heavy)) } catch { result = .failure(error) }
    fire.stop()
    try await sessions
    try await kills
    try result.get()
    return fire.summary
  }

  /// Waits until no call and no session is at work.
  private func quiet() async throws {
    let client = daemon.client
    try await eventually("the daemon's recovery") { (try? await client.health()) == .serving }
    try await eventually("the end of every call") { try await client.stats().data.callsInFlight == 1 }
    let session = try session()
    try await eventually("the end of every transaction") {
      try session.query(
        "SELECT FROM pg_stat_activity WHERE application_name = 'baharid' AND pid <> pg_backend_pid() "
          + "AND state <> 'idle'"
      ).count == 0
    }
  }

  /// Sends every write with a request id once more, and again where PostgreSQL was not back yet.
  private func repeatAll(_ load: OutcomeLoad) async throws -> [[OutcomeAnswer]] {
    var answers: [[OutcomeAnswer]] = Array(repeating: [], count: load.plan.writes.count)
    for _ in 0..<4 {
      let missing = load.plan.writes.filter { write in
        guard write.isRepeated else { return false }
        guard case .failure(let failure)? = answers[write.index].last else { return answers[write.index].isEmpty }
        return failure.isTransient
      }
      guard !missing.isEmpty else { break }
      let again = load.again
      let shots = { (isHeavy: Bool) in
        OutcomeShots(missing.filter { $0.isHeavy == isHeavy }.map { OutcomeShot(write: $0.index, haste: .patient) })
      }
      try await again.fire(daemon.socket, shots(false), shots(true))
      for (index, new) in again.ledger.answers.enumerated() { answers[index] += new }
    }
    return answers
  }
}
