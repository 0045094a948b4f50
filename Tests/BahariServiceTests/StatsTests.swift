import BahariCall
import BahariCatalog
import BahariClient
import BahariFrame
import BahariMessage
import BahariShard
import TestSupport
import Testing

@testable import BahariService

/// The daemon's counters, without a socket or PostgreSQL.
@Suite struct StatsTests {
  private static let shape = ReplyShape(
    Descriptors.service("bahari.v1.StatsService")?.method("Get")?.output, message: "Statistik berhasil diambil")

  private func times(start: UInt64, sent: UInt64, answered: UInt64) -> CallTimes {
    var times = CallTimes()
    times.start = start
    times.noteSent(at: sent)
    times.noteAnswer(at: answered)
    return times
  }

  @Test("Shards' numbers are added up, method by method and part by part") func sums() {
    func shard(_ ok: Int, _ missing: Int, running: Int, syncs: Int) -> ShardStats {
      let meters = ["a/Get", "a/List"].map { MethodMeter($0) }
      for _ in 0..<ok + missing + running { meters[0].began() }
      for _ in 0..<ok { meters[0].ended(.ok, times(start: 0, sent: 2_000, answered: 5_000), at: 9_000) }
      for _ in 0..<missing { meters[0].ended(.notFound, CallTimes(), at: 3_000) }
      var stats = ShardStats(
        methods: meters.map(\.stats), lanes: [Counts("reads", ["syncs": syncs])], pools: [Counts("scans", ["idle": 1])])
      stats.sockets = Counts("sockets", ["writes": syncs])
      stats.connections = 3
      return stats
    }
    var total = ShardStats()
    for stats in [shard(5, 2, running: 1, syncs: 10), shard(7, 0, running: 0, syncs: 4)] { total.add(stats) }
    let get = total.methods[0]
    #expect(get.method == "a/Get" && get.calls == 14 && get.inFlight == 1)
    #expect(get.errors.map(\.code) == [.notFound] && get.errors.map(\.count) == [2])
    #expect(get.total.count == 14 && get.wait.count == 12 && get.database.count == 12)
    #expect(total.methods[1].calls == 0 && total.methods[1].total.count == 0)
    #expect(total.lanes == [Counts("reads", ["syncs": 14])] && total.pools == [Counts("scans", ["idle": 2])])
    #expect(total.sockets == Counts("sockets", ["writes": 14]))
    #expect(total.connections == 6 && total.callsInFlight == 1)
  }

  @Test("Percentiles are exact to within 1 %, and a minute is the longest") func percentiles() {
    var low = Latency()
    var high = Latency()
    for value in 1...500 { low.record(UInt64(value) * 1_000_000) }
    for value in 501...1_000 { high.record(UInt64(value) * 1_000_000) }
    low.add(high)
    #expect(low.count == 1_000)
    for (percentile, expected) in [(50.0, 500_000), (90, 900_000), (99, 990_000)] {
      #expect(abs(low.microseconds(percentile) - expected) <= expected / 100)
    }
    low.record(UInt64.max)
    #expect(abs(low.microseconds(100) - 60_000_000) <= 600_000)
    #expect(Latency().microseconds(99) == 0 && Latency().count == 0)
  }

  @Test("A call's statements add up, and its wait ends with the first of them") func stages() {
    var times = times(start: 1_000_000, sent: 3_000_000, answered: 7_000_000)
    times.noteSent(at: 20_000_000)
    let meter = MethodMeter("a/List")
    meter.began()
    // The second has no answer yet: the call ends before it.
    meter.ended(.deadlineExceeded, times, at: 26_000_000)
    let stats = meter.stats
    for (latency, expected) in [(stats.wait, 2_000), (stats.database, 10_000), (stats.total, 25_000)] {
      #expect(abs(latency.microseconds(50) - expected) <= expected / 100)
    }
  }

  @Test("Every number is in the field of its name") func reply() async throws {
    let meter = MethodMeter("a/Get")
    for code in [StatusCode.ok, .ok, .unavailable] {
      meter.began()
      meter.ended(code, times(start: 0, sent: 1_000_000, answered: 2_000_000), at: 4_000_000)
    }
    let lane = [
      "connected", "syncs", "statements", "jobs", "keys", "repeats", "moves", "refusals", "losses", "waiting",
      "in_flight",
    ]
    let pool = ["connecting", "idle", "leased", "waiting"]
    let sockets = ["reads", "writes", "frames", "polls", "events"]
    func counts(_ name: String, _ fields: [String]) -> Counts {
      Counts(name, Dictionary(uniqueKeysWithValues: zip(fields, 1...)))
    }
    var shard = ShardStats(
      methods: [meter.stats, MethodMeter("a/List").stats], lanes: [counts("reads", lane)],
      pools: [counts("scans", pool)])
    shard.sockets = counts("sockets", sockets)
    shard.connections = 8
    let stats = DaemonStats(version: "1.2.3", uptimeSeconds: 60, shards: 2, residentBytes: 4096, total: shard)
    let reply = try Bahari_V1_GetStatsReply(serializedBytes: await StatsReply.encoded(from: { stats }, Self.shape))
    #expect(reply.responseCode == "2000000")
    let data = reply.data
    #expect(data.version == "1.2.3" && data.uptimeSeconds == 60 && data.shards == 2 && data.residentBytes == 4096)
    #expect(data.connections == 8 && data.hasCallsInFlight && data.callsInFlight == 0)
    let method = try #require(data.methods.first)
    #expect(data.methods.count == 1 && method.method == "a/Get" && method.calls == 3 && method.hasInFlight)
    #expect(method.errors.map(\.code) == ["UNAVAILABLE"] && method.errors.map(\.count) == [1])
    #expect(method.total.count == 3 && method.wait.count == 3 && method.database.count == 3)
    #expect(method.total.p50 > method.wait.p50 && method.total.max >= method.total.p999)
    let reads = try #require(data.lanes.first)
    #expect(reads.name == "reads" && data.lanes.count == 1)
    #expect([reads.connected, reads.syncs, reads.statements, reads.jobs, reads.keys] == [1, 2, 3, 4, 5])
    #expect([reads.repeats, reads.moves, reads.refusals, reads.losses] == [6, 7, 8, 9])
    #expect([reads.waiting, reads.inFlight] == [10, 11])
    let scans = try #require(data.pools.first)
    #expect([scans.connecting, scans.idle, scans.leased, scans.waiting] == [1, 2, 3, 4])
    let traffic = data.sockets
    #expect([traffic.reads, traffic.writes, traffic.frames, traffic.polls, traffic.events] == [1, 2, 3, 4, 5])
  }

  @Test("The names of lanes' and pools' numbers are those of stats.proto") func names() async throws {
    let bench = StatsBench()
    let stats = await bench.stats()
    #expect(stats.lanes.map(\.name) == ["reads", "writes", "quick lists"])
    #expect(stats.pools.map(\.name) == ["scans", "transactions", "blocked"])
    let daemon = DaemonStats(version: "", uptimeSeconds: 0, shards: 1, residentBytes: 0, total: stats)
    let data = try Bahari_V1_GetStatsReply(serializedBytes: await StatsReply.encoded(from: { daemon }, Self.shape)).data
    #expect(data.lanes.map(\.name) == stats.lanes.map(\.name) && data.pools.map(\.name) == stats.pools.map(\.name))
    for lane in data.lanes { #expect(lane.hasConnected && lane.connected == 0 && lane.hasKeys) }
  }

  @Test("Every call is counted once, by its method and its code") func codes() async throws {
    let bench = StatsBench()
    for _ in 0..<3 { #expect(try await bench.call("bahari.v1.DesaService", "Get") == .unavailable) }
    #expect(try await bench.call("bahari.v1.DesaService", "Get", timeout: -1) == .deadlineExceeded)
    #expect(try await bench.call("bahari.v1.DesaService", "Create") == .permissionDenied)
    #expect(try await bench.call("grpc.health.v1.Health", "Check") == nil)
    #expect(try await bench.call("bahari.v1.DesaService", "Nothing") == .unimplemented)
    let called = await bench.stats().methods.filter { $0.calls > 0 }
    let expected: [String: [StatusCode: Int]] = [
      "bahari.v1.DesaService/Get": [.unavailable: 3, .deadlineExceeded: 1],
      "bahari.v1.DesaService/Create": [.permissionDenied: 1], "grpc.health.v1.Health/Check": [:],
    ]
    #expect(Set(called.map(\.method)) == Set(expected.keys))
    for stats in called {
      #expect(Dictionary(uniqueKeysWithValues: stats.errors.map { ($0.code, $0.count) }) == expected[stats.method])
      #expect(stats.inFlight == 0 && stats.total.count == stats.calls && stats.database.count == 0)
    }
    #expect(called.reduce(0) { $0 + $1.calls } == 6)
  }
}

/// A service that has no PostgreSQL and knows no tables yet.
///
/// `@unchecked Sendable`: the service is touched only on the shard.
private final class StatsBench: @unchecked Sendable {
  private let shard = Shard(name: "stats")
  private let service = Service(Catalog.tables, Database("host=/nowhere") { _ in }, Access(owner: 0)) { _ in }

  func stats() async -> ShardStats { await shard.run { _ in self.service.stats } }

  /// The code of the error; nil when there was none. The caller is a user with the right to read.
  func call(_ service: String, _ method: String, timeout: Int64 = 0) async throws -> StatusCode? {
    let inbox = Inbox<FakeSink.End>()
    let writer = WireWriter()
    writer.field(1, string: service)
    writer.field(2, string: method)
    writer.field(4, varint: UInt64(bitPattern: timeout))
    let bytes = Array(writer.bytes)
    try await shard.run { shard in
      let call = self.service.makeCall(stream: 1, peer: Peer(uid: 4711, groups: [0], pid: 0), sink: FakeSink(inbox))
      try bytes.withUnsafeBytes { call.start(try RequestEnvelope($0), on: shard) }
    }
    if case .failed(let status) = try await inbox.next() { return status.code }
    return nil
  }
}
