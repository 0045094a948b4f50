import BahariMigration
import BahariPostgres
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// The migrator and PostgreSQL are killed before every statement of a run and of an undo: the database is exactly as
  /// before, or at a boundary between phases that `status` names, and the next run goes on.
  @Suite struct MigrateCrashes {
    /// Who is killed.
    enum Victim: CaseIterable {
      case migrator
      /// A process of the server: the others end with it, and it recovers.
      case server

      var testDescription: String { self == .migrator ? "the migrator" : "PostgreSQL" }
    }

    @Test("Killed at every statement of a run, of a run by phases and of an undo")
    func everywhere() async throws {
      let points = try await withThrowingTaskGroup(of: Int.self) { group in
        for victim in Victim.allCases {
          group.addTask { try await atomic(victim) }
          group.addTask { try await phased(victim) }
          group.addTask { try await undo(victim) }
        }
        return try await group.reduce(0, +)
      }
      print("\(points) crash points in all")
    }

    private func atomic(_ victim: Victim) async throws -> Int {
      let site = try await CrashSite("crash_atomic")
      let points = try await site.sweep(["run", "--no-backup"], victim) { session in
        try site.expect(session, like: site.before)
        // Not even an empty ledger.
        #expect(try session.query("SELECT to_regnamespace('bahari') IS NULL").bool(0, 0) == true)
      }
      #expect(points > 150)
      #expect(try Inspector.inspect(try await site.session()).state == .current)
      print("run in one transaction, \(victim.testDescription) killed: \(points) crash points")
      return points
    }

    private func undo(_ victim: Victim) async throws -> Int {
      let site = try await CrashSite("crash_undo")
      _ = try Migrator(session: try await site.session()).run()
      let migrated = try Snapshot.take(try await site.session())
      let points = try await site.sweep(["undo"], victim) { session in
        try site.expect(session, like: migrated)
        #expect(try Ledger.applied(session).map(\.phase) == Array(1...Phase.all.count))
      }
      #expect(points > 150)
      try site.expect(try await site.session(), like: site.before)
      print("undo, \(victim.testDescription) killed: \(points) crash points")
      return points
    }

    private func phased(_ victim: Victim) async throws -> Int {
      let site = try await CrashSite("crash_phased")
      let boundaries = try await site.boundaries()
      // How many phases are committed, and how many statements of the next one were run before the last kill.
      var (committed, passed, points) = (0, 0, 0)
      while true {
        let run = try site.start(["run", "--phased", "--no-backup"])
        var count = 0
        var statement = try await run.steps.next()
        while let text = statement, phase(text) == committed + 1, count < passed {
          count += 1
          run.steps.go()
          statement = try await run.steps.next()
        }
        guard let text = statement else {
          #expect(try await run.child.end() == 0, "\(run.child.standardError)")
          break
        }
        if phase(text) == committed + 1 { passed += 1 } else { (committed, passed) = (committed + 1, 1) }
        try #require(phase(text) == committed + 1)
        try await site.kill(victim, run)
        points += 1
        let session = try await site.session()
        try site.expect(session, like: boundaries[committed])
        #expect(try Ledger.applied(session).map(\.phase) == Array(0..<committed).map { $0 + 1 })
      }
      #expect(points > 150 && committed == Phase.all.count - 1)
      try site.expect(try await site.session(), like: boundaries[Phase.all.count])
      print("run by phases, \(victim.testDescription) killed: \(points) crash points")
      return points
    }

    @Test("After a kill between phases status says where it stopped, and how to go on")
    func status() async throws {
      let old = try await OldDatabase("crash_status")
      let site = try CrashSite(old)
      let run = try site.start(["run", "--phased", "--no-backup"])
      while let text = try await run.steps.next(), phase(text) < 4 { run.steps.go() }
      try await site.kill(.migrator, run)
      let status = try await old.migrate("status")
      #expect(status.exit == 0 && status.output.contains("stopped after phase 3 of 8"), "\(status.output)")
      let resumed = try await old.migrate("run", "--no-backup", "--report-dir", try Place.fresh("reports"))
      #expect(resumed.exit == 0, "\(resumed.output) \(resumed.error)")
      #expect(try await old.migrate("verify").exit == 0)
    }

    private func phase(_ statement: String) -> Int { Int(statement.prefix { $0 != " " }) ?? -1 }
  }
}

/// A database of the old service in a cluster of its own, in which migrations are killed.
struct CrashSite {
  struct Run {
    let child: Child
    let steps: StepListener
  }

  let old: OldDatabase
  let before: Snapshot
  /// Runs as long as this does.
  private let cluster: HarmedCluster?

  /// - Parameter name: Of nothing but the test's messages: the cluster has one database.
  init(_ name: String) async throws {
    let cluster = try await HarmedCluster(durable: false)
    let old = OldDatabase(name, cluster.conninfo)
    let session = try old.session()
    // Without durability a commit would be told before it is written. A killed server is to keep it.
    try session.execute("ALTER DATABASE bahari SET synchronous_commit = on; SET synchronous_commit = on")
    try OldDatabase.fill(session)
    // Or a recovery would leave out some numbers of the sequences, as PostgreSQL may.
    try session.execute("CHECKPOINT")
    try self.init(old, in: cluster)
  }

  init(_ old: OldDatabase, in cluster: HarmedCluster? = nil) throws {
    (self.old, self.cluster) = (old, cluster)
    before = try Snapshot.take(try old.session())
  }

  /// As soon as PostgreSQL takes one: it may be recovering.
  func session() async throws -> Session {
    var session: Session?
    try await eventually("a session") {
      session = try? old.session()
      return session != nil
    }
    guard let session else { throw Trouble("no session") }
    return session
  }

  func expect(_ session: Session, like expected: Snapshot, location: SourceLocation = #_sourceLocation) throws {
    let found = try Snapshot.take(session)
    let lost = Snapshot.lostValues(before: expected, after: found)
    let changed = CanonicalCatalog.differences(expected: expected.catalog, found: found.catalog)
    #expect(lost.isEmpty && changed.isEmpty, "\(lost) \(changed)", sourceLocation: location)
  }

  /// The states between the phases, from none to all, each reached without a kill.
  func boundaries() async throws -> [Snapshot] {
    var states = [before]
    for phase in 1...Phase.all.count {
      var options = Migrator.Options()
      (options.mode, options.through) = (.phased, phase)
      let session = try await session()
      _ = try Migrator(session: session, options: options).run()
      states.append(try Snapshot.take(session))
    }
    // From the beginning again, without what an undo keeps.
    let session = try await session()
    _ = try Undo(session: session).run()
    try session.execute("DROP SCHEMA bahari_undone CASCADE; DROP SCHEMA bahari CASCADE; DROP EXTENSION pg_trgm")
    try expect(session, like: before)
    return states
  }

  func start(_ arguments: [String]) throws -> Run {
    let steps = try StepListener()
    let reports = arguments[0] == "run" ? ["--report-dir", "\(try Place.scratch.get())/crash-reports"] : []
    let child = try Child(
      "baharid", ["migrate"] + arguments + ["--database", old.conninfo, "--step-socket", steps.path] + reports)
    return Run(child: child, steps: steps)
  }

  /// Kills before statement 1, then 2 and so on, each time from the same state, until a run comes to its end. Returns
  /// how often it killed.
  func sweep(_ arguments: [String], _ victim: MigrateVictim, _ check: (Session) throws -> Void) async throws -> Int {
    var points = 0
    while true {
      let run = try start(arguments)
      var statement = try await run.steps.next()
      for _ in 0..<points where statement != nil {
        run.steps.go()
        statement = try await run.steps.next()
      }
      guard statement != nil else {
        #expect(try await run.child.end() == 0, "\(run.child.standardError)")
        return points
      }
      try await kill(victim, run)
      points += 1
      try check(try await session())
    }
  }

  /// Returns when the migrator has ended and its session too.
  func kill(_ victim: MigrateVictim, _ run: Run) async throws {
    let find = "SELECT pid FROM pg_stat_activity WHERE application_name = 'baharid' AND state = 'idle in transaction'"
    let found = try await session().query(find)
    guard found.count == 1, let process = found.int32(0, 0) else { throw Trouble("\(found.count) sessions migrate") }
    switch victim {
    case .migrator:
      run.child.signal(SIGKILL)
      #expect(try await run.child.end() == -SIGKILL)
      try await eventually("the end of the session") {
        try await session().query("\(find) AND pid = \(process)").count == 0
      }
    case .server:
      guard Glibc.kill(process, SIGKILL) == 0 else { throw Trouble("the session \(process) cannot be killed") }
      run.steps.hangUp()
      let exit = try await run.child.end()
      #expect([4, 5].contains(exit), "\(exit): \(run.child.standardOutput) \(run.child.standardError)")
    }
  }
}

typealias MigrateVictim = EndToEnd.MigrateCrashes.Victim
