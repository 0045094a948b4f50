import BahariClient
import BahariFrame
import TestSupport
import Testing

extension EndToEnd {
  /// The daemon's counters agree with the calls that were made.
  @Suite(.startsDaemons) struct Stats {
    private func method(_ name: String, of data: Bahari_V1_Stats) throws -> Bahari_V1_MethodStats {
      try #require(data.methods.first { $0.method == "bahari.v1.\(name)" }, "\(data.methods.map(\.method))")
    }

    @Test("Calls are counted by method, code and stage")
    func counted() async throws {
      let daemon = try await Daemon.serving(database: "stats_counted")
      try await daemon.sql(Regions.sql)
      let client = daemon.client
      for _ in 0..<20 { #expect(try await client.provinsi.get(11).name == "ACEH") }
      await #expect(throws: BahariError.self) { try await client.provinsi.get(99) }
      #expect(try await client.desa.list().data.count == 10)
      #expect(try await client.desa.export().reduce(0) { count, _ in count + 1 } == 25)
      var row = Bahari_V1_Provinsi()
      (row.id, row.name) = (13, "BARU")
      _ = try await client.provinsi.create(row)
      _ = try await client.provinsi.batchUpsert([row])
      let data = try await client.stats().data
      let get = try method("ProvinsiService/Get", of: data)
      #expect(get.calls == 21 && get.errors.map(\.code) == ["NOT_FOUND"] && get.errors.map(\.count) == [1])
      // A list's two statements are one call's.
      for (name, calls) in [
        ("ProvinsiService/Get", 21), ("DesaService/List", 1), ("DesaService/Export", 1), ("ProvinsiService/Create", 1),
        ("ProvinsiService/BatchUpsert", 1),
      ] {
        let stats = try method(name, of: data)
        #expect(stats.calls == calls && stats.inFlight == 0, "\(name)")
        for latency in [stats.total, stats.wait, stats.database] { #expect(latency.count == calls, "\(name)") }
        #expect(stats.database.max <= stats.total.max && stats.wait.max <= stats.total.max, "\(name)")
      }
      // Only this call is in flight, and it is counted when it has ended.
      let own = try method("StatsService/Get", of: data)
      #expect(own.calls == 0 && own.inFlight == 1 && data.callsInFlight == 1)
      #expect(data.version == "0.1.0" && data.shards >= 1 && data.connections >= 1 && data.residentBytes > 1_000_000)
      let reads = try #require(data.lanes.first { $0.name == "reads" })
      #expect(reads.keys == 21 && reads.connected == data.shards)
      #expect(data.lanes.first { $0.name == "writes" }?.jobs == 1)
      #expect(try await daemon.stop() == 0)
    }

    @Test("A burst shares statements, Syncs and writes")
    func burst() async throws {
      let daemon = try await Daemon.serving(database: "stats_burst")
      try await daemon.sql(Regions.sql)
      let wire = try daemon.connect()
      let count = 200
      try wire.send((0..<count).flatMap { Bytes.request(UInt32($0 * 2 + 1), "Desa/Get", Bytes.get(1_101_010_001)) })
      for answer in try wire.frames(count) { #expect(try answer.status == nil) }
      let data = try await daemon.client.stats().data
      let reads = try #require(data.lanes.first { $0.name == "reads" })
      #expect(reads.keys == count && reads.statements < count && reads.syncs <= reads.statements, "\(reads)")
      #expect(data.sockets.frames == count && (1..<Int64(count)).contains(data.sockets.writes))
      #expect(data.sockets.reads >= 1)
      #expect(data.sockets.polls > 0 && data.sockets.events >= data.sockets.polls)
      #expect(try method("DesaService/Get", of: data).calls == count)
      #expect(try await daemon.stop() == 0)
    }

    @Test("The counters of all shards are added up")
    func shards() async throws {
      let conninfo = try await TestCluster.shared().database(named: "stats_shards")
      var daemon = try Daemon(socket: try Place.fresh("sock"), ["--database", conninfo, "--shards", "3"])
      daemon.database = "stats_shards"
      try await daemon.ready()
      try await daemon.sql(Regions.sql)
      // Each goes to the shard with the fewest.
      let wires = try (0..<3).map { _ in try daemon.connect() }
      for wire in wires {
        for _ in 0..<10 { #expect(try wire.call("Provinsi/Get", Bytes.get(11)).status == nil) }
      }
      let reply: Bahari_V1_GetStatsReply = try wires[0].call("Stats/Get", []).message()
      #expect(reply.data.shards == 3 && reply.data.connections == 3)
      #expect(try method("ProvinsiService/Get", of: reply.data).calls == 30)
      #expect(reply.data.lanes.first { $0.name == "reads" }?.connected == 3)
      #expect(reply.data.sockets.frames == 30)
      #expect(try await daemon.stop() == 0)
    }

    @Test("Stats are served while PostgreSQL is away")
    func withoutPostgres() async throws {
      let daemon = try Daemon(conninfo: "host=/nowhere dbname=none")
      let client = daemon.client
      try await eventually("a daemon that answers") { (try? await client.health()) == .notServing }
      let wire = try daemon.connect()
      for _ in 0..<4 { #expect(try wire.refusal("Desa/Get", Bytes.get(1)).code == .unavailable) }
      let data = try await client.stats().data
      let get = try method("DesaService/Get", of: data)
      #expect(get.calls == 4 && get.errors.map(\.code) == ["UNAVAILABLE"] && get.database.count == 0)
      #expect(data.lanes.allSatisfy { $0.connected == 0 } && data.lanes.count == 3)
      let shown = try await daemon.bahari("stats")
      #expect(shown.exit == 0 && shown.output.contains("UNAVAILABLE 4"), "\(shown.error)")
      #expect(try await daemon.stop() == 0)
    }

    @Test("The command line shows them, for people and for programs")
    func commandLine() async throws {
      let daemon = try await Daemon.serving(database: "stats_cli")
      try await daemon.sql(Regions.sql)
      for _ in 0..<3 { #expect(try await daemon.bahari("get", "provinsi", "11").exit == 0) }
      let shown = try await daemon.bahari("stats")
      #expect(shown.exit == 0, "\(shown.error)")
      let line = try #require(shown.output.split(separator: "\n").first { $0.contains("ProvinsiService/Get ") })
      #expect(line.split(separator: " ")[1...2] == ["calls", "3"])
      let json = try await daemon.bahari("stats", "-o", "json").json
      let data = try #require(json["data"] as? [String: Any])
      let methods = try #require(data["methods"] as? [[String: Any]])
      let get = try #require(methods.first { $0["method"] as? String == "bahari.v1.ProvinsiService/Get" })
      #expect(get["calls"] as? Int == 3 && (get["database"] as? [String: Int])?["count"] == 3)
      #expect(json["responseCode"] as? String == "2000000" && data["shards"] as? Int ?? 0 >= 1)
      #expect(try await daemon.stop() == 0)
    }
  }
}
