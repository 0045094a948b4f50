import BahariCatalog
import BahariClient
import BahariPostgres
import BahariShard
import TestSupport
import Testing

@testable import BahariService

/// The test cluster itself runs with fsync, full_page_writes and synchronous_commit off.
@Suite("Durability", .ownDatabases) struct DurabilityTests {
  private static let ofCluster: Set = ["fsync", "full_page_writes", "synchronous_commit"]

  /// The risks beside those of the cluster.
  private func others(_ session: Session) throws -> [String] {
    try Durability.risks(of: Catalog.tables, session).map(\.subject).filter { !Self.ofCluster.contains($0) }
  }

  @Test("settings of the server are risks, each with a sentence") func settings() async throws {
    let session = try await MigratedDatabase.make("durability_settings").session()
    let risks = try Durability.risks(of: Catalog.tables, session)
    #expect(Set(risks.map(\.subject)) == Self.ofCluster && risks.count == 3)
    for risk in risks { #expect(risk.text.hasPrefix("\(risk.subject) is off")) }
    try session.execute("SET synchronous_commit = local; SET zero_damaged_pages = on; SET ignore_checksum_failure = on")
    let changed = try Durability.risks(of: Catalog.tables, session)
    #expect(
      Set(changed.map(\.subject)) == ["fsync", "full_page_writes", "zero_damaged_pages", "ignore_checksum_failure"])
  }

  @Test("synchronous_commit that is off for the role's next sessions is a risk, unless the conninfo sets it")
  func nextSessions() async throws {
    let made = try await MigratedDatabase.make("durability_role")
    func isRisk(_ options: String = "") throws -> Bool {
      let session = try Session(ConnectionOptions(conninfo: made.conninfo + options))
      if options.isEmpty { try session.execute("SET synchronous_commit = on") }
      return try Durability.risks(of: Catalog.tables, session).contains { $0.subject == "synchronous_commit" }
    }
    let session = try made.session()
    #expect(try !isRisk())
    try session.execute("ALTER DATABASE \(made.name) SET synchronous_commit = no")
    #expect(try isRisk())
    #expect(try !isRisk(" options='-c synchronous_commit=on'"))
    try session.execute("ALTER ROLE bahari IN DATABASE \(made.name) SET synchronous_commit = on")
    #expect(try !isRisk())
  }

  @Test("unlogged tables and sequences that are served are risks") func unlogged() async throws {
    let session = try await MigratedDatabase.make("durability_unlogged").session()
    try session.execute("CREATE UNLOGGED TABLE public.lain (id serial)")
    #expect(try others(session) == [])
    try session.execute(
      """
      ALTER TABLE public.trx_absensi SET UNLOGGED;
      ALTER TABLE bahari.request_log SET UNLOGGED;
      ALTER SEQUENCE public.mst_role_id_seq SET UNLOGGED
      """)
    #expect(
      Set(try others(session)) == ["public.trx_absensi", "bahari.request_log", "public.mst_role_id_seq"])
  }

  @Test("health lists the risks, with one statement for many calls at a time") func health() async throws {
    let bench = try await ServiceBench("durability_health", sql: "ALTER TABLE public.trx_absensi SET UNLOGGED")
    try await bench.connected()
    let calls = 100
    var running: [RunningCall] = []
    for _ in 0..<calls { running.append(try await bench.start([], "grpc.health.v1.Health", "Check")) }
    for call in running {
      let reply = try Grpc_Health_V1_HealthCheckResponse(serializedBytes: try await call.reply())
      #expect(reply.status == .serving)
      #expect(Set(reply.details.map(\.subject)) == Self.ofCluster.union(["public.trx_absensi"]))
      #expect(reply.details.allSatisfy { $0.reason == "UNSAFE_DURABILITY" && $0.message.hasPrefix($0.subject) })
    }
    try bench.session.execute("ALTER TABLE public.trx_absensi SET LOGGED")
    try await eventually("the change in health") {
      let bytes = try await bench.start([], "grpc.health.v1.Health", "Check").reply()
      return try Grpc_Health_V1_HealthCheckResponse(serializedBytes: bytes).details.count == Self.ofCluster.count
    }
    await bench.close()
  }

  @Test("readers at one time share a statement, and later ones its answer") func shared() async throws {
    let made = try await MigratedDatabase.make("durability_watch")
    let bench = WatchBench(made.conninfo)
    await bench.open()
    #expect(try await bench.read(20).allSatisfy { Set($0) == Self.ofCluster })
    #expect(try await bench.read(20).allSatisfy { Set($0) == Self.ofCluster })
    // More than one only if a machine takes two seconds for these reads.
    #expect(await bench.statements() <= 2)
    await bench.close()
    let closed = WatchBench(made.conninfo)
    #expect(try await closed.read(1) == [[]], "without a connection no risk is known")
  }
}

/// `@unchecked Sendable`: the lane and the watch are touched only on the shard.
private final class WatchBench: @unchecked Sendable {
  private let shard = Shard(name: "durability")
  private let lane: Lane
  private let watch: DurabilityWatch

  init(_ conninfo: String) {
    lane = Lane("test", ConnectionOptions(conninfo: conninfo)) { _ in }
    watch = DurabilityWatch(lane, tables: Catalog.tables.map(\.name))
  }

  func open() async {
    await withCheckedContinuation { up in
      shard.enter { shard in
        self.lane.open(on: shard)
        self.lane.whenUp { up.resume() }
      }
    }
  }

  /// The subjects that each of `count` readers gets.
  func read(_ count: Int) async throws -> [[String]] {
    let inbox = Inbox<[String]>()
    await shard.run { shard in
      for _ in 0..<count { self.watch.read(on: shard) { inbox.put($0.map(\.subject)) } }
    }
    return try await inbox.next(count)
  }

  func statements() async -> Int { await shard.run { _ in self.lane.counters.statements } }

  func close() async { await shard.run { self.lane.close(on: $0) } }
}
