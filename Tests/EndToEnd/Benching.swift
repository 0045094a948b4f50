import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// The load driver's counts agree with the database.
  @Suite(.served("benching")) struct Benching {
    private func report(_ arguments: [String], seconds: Int = 1) async throws -> [String: Any] {
      let ran = try await Daemon.shared.bahari(
        ["bench"] + arguments + ["--duration", "\(seconds)", "--connections", "3", "--depth", "2", "-o", "json"])
      #expect(ran.exit == 0, "\(ran.error)")
      return try ran.json
    }

    @Test(
      "Every scenario counts its calls, and none fails",
      arguments: [
        ["get", "desa"], ["list", "desa", "--by", "district_id"], ["health"], ["get", "desa", "--client"],
        ["get", "desa", "--verify"], ["list", "desa", "--by", "district_id", "--verify"],
      ])
    func scenarios(arguments: [String]) async throws {
      let report = try await report(arguments)
      #expect(try #require(report["calls"] as? Int) > 0)
      #expect(report["failed"] as? Int == 0)
      #expect((report["errors"] as? [String: Int])?.isEmpty == true)
      let latency = try #require(report["latencyMicroseconds"] as? [String: Int])
      #expect(Set(latency.keys) == ["p50", "p90", "p99", "p99.9", "max"])
      #expect(try #require(latency["p50"]) <= #require(latency["max"]))
    }

    @Test("create makes as many rows as it counts, and deletes them again except with --keep")
    func create() async throws {
      let daemon = try Daemon.shared
      let count = "SELECT count(*) FROM public.mst_kecamatan"
      let before = try #require(Int(try await daemon.sql(count)))
      let gone = try await report(["create", "kecamatan"])
      #expect(try #require(gone["calls"] as? Int) > 0)
      #expect(gone["failed"] as? Int == 0)
      #expect(try await daemon.sql(count) == "\(before)")
      let kept = try await report(["create", "kecamatan", "--keep"])
      #expect(try await daemon.sql(count) == "\(before + (try #require(kept["calls"] as? Int)))")
    }

    @Test(
      "check-in makes as many days as it counts, each with a request_id, and deletes them again",
      arguments: [1, 3])
    func checkIn(employees: Int) async throws {
      // In a database of its own: the days and notes of others are not to be counted.
      let own = try await Daemon.serving(database: "benching_check_in_\(employees)")
      try await own.sql(Employees.sql(employees))
      let ran = { (more: [String]) in
        try await own.bahari(["bench", "check-in", "--duration", "1", "--connections", "3", "-o", "json"] + more)
      }
      let (days, notes) = ("SELECT count(*) FROM public.trx_absensi", "SELECT count(*) FROM bahari.request_log")
      let gone = try await ran([])
      #expect(gone.exit == 0, "\(gone.error)")
      #expect(try await own.sql(days) == "0")
      let calls = try #require(try gone.json["calls"] as? Int)
      #expect(calls > 0)
      #expect(try await own.sql(notes + " WHERE method = 'CheckIn'") == "\(calls)")
      // Two runs on top of each other: the second begins after the days of the first.
      var kept = 0
      for _ in 1...2 {
        let run = try await ran(["--keep"])
        #expect(run.exit == 0, "\(run.error)")
        kept += try #require(try run.json["calls"] as? Int)
      }
      #expect(try await own.sql(days) == "\(kept)")
      #expect(try await own.sql("SELECT count(DISTINCT nip) FROM public.trx_absensi") == "\(employees)")
      #expect(try await own.stop() == 0)
    }

    @Test("mixed and import make as many rows as they count, and delete them again", arguments: ["mixed", "import"])
    func making(scenario: String) async throws {
      let daemon = try Daemon.shared
      let count = "SELECT count(*) FROM public.mst_kecamatan"
      let before = try #require(Int(try await daemon.sql(count)))
      let gone = try await report([scenario, "kecamatan", "--batch", "7", "--verify"])
      #expect(gone["failed"] as? Int == 0)
      #expect(try await daemon.sql(count) == "\(before)")
      // One call in many of the mixed ones is a create.
      let kept = try await report([scenario, "kecamatan", "--batch", "7", "--keep"], seconds: 3)
      let made = try #require(Int(try await daemon.sql(count))) - before
      let calls = try #require(kept["calls"] as? Int)
      if scenario == "import" { #expect(made == calls * 7) } else { #expect(made > 0 && made < calls) }
    }

    @Test("An import of rows that PostgreSQL numbers is refused: they could not be found and deleted again")
    func numbered() async throws {
      let daemon = try Daemon.shared
      try await daemon.sql("INSERT INTO public.mst_role (level_role, nama_role) VALUES ('1', 'P')")
      let ran = try await daemon.bahari("bench", "import", "role", "--duration", "1")
      #expect(ran.exit == 64 && ran.error.contains("role"), "\(ran.exit) \(ran.error)")
    }

    @Test("With a rate, calls are made as they are due and no more")
    func rate() async throws {
      let ran = try await Daemon.shared.bahari(
        "bench", "get", "desa", "--rate", "200", "--duration", "2", "--warmup", "1", "-o", "json")
      #expect(ran.exit == 0, "\(ran.error)")
      let report = try ran.json
      // 400 calls were due in the two seconds that count; those that found no free connection are reported as unsent.
      let (calls, unsent) = (try #require(report["calls"] as? Int), report["unsent"] as? Int ?? 0)
      #expect((399...401).contains(calls + unsent), "\(report)")
      #expect(report["rate"] as? Int == 200 && report["failed"] as? Int == 0)
    }

    @Test("A daemon is killed during create --verify: rows in flight are made once, and the bench goes on")
    func killed() async throws {
      let conninfo = try await TestCluster.shared().database(named: "benching_killed")
      let socket = try Place.fresh("sock")
      var daemon = try Daemon(conninfo: conninfo, socket: socket)
      daemon.database = "benching_killed"
      try await daemon.ready()
      try await daemon.sql(Regions.sql)
      let first = daemon
      async let ran = first.bahari(
        "bench", "create", "kecamatan", "--verify", "--duration", "4", "--connections", "4", "-o", "json")
      let count = "SELECT count(*) FROM public.mst_kecamatan"
      let before = try #require(Int(try await first.sql(count)))
      try await eventually("rows of the bench") { try #require(Int(try await first.sql(count))) > before + 50 }
      first.child.signal(SIGKILL)
      _ = try await first.child.end()
      let second = try Daemon(conninfo: conninfo, socket: socket)
      try await second.ready()
      let result = try await ran
      #expect(result.exit == 0, "\(result.error)")
      let report = try result.json
      #expect((report["lost"] as? Int ?? 0) >= 4 && report["failed"] as? Int == 0, "\(report)")
      #expect(result.error.contains("each once"), "\(result.error)")
      #expect(try await second.stop() == 0)
    }

    @Test("Two reports are compared, and a file that is no report is refused by its path")
    func compare() async throws {
      func file(_ name: String, _ calls: Int) throws -> String {
        let path = try Place.fresh(name)
        let text = """
          {"scenario":"get","connections":8,"depth":1,"client":false,"callsPerSecond":\(calls),"calls":\(calls * 5),\
          "failed":0,"errors":{},"latencyMicroseconds":{"p50":10,"p90":20,"p99":30,"p99.9":40,"max":50}}
          """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
      }
      let daemon = try Daemon.shared
      let ran = try await daemon.bahari("bench", "compare", try file("a", 1_000), try file("b", 1_500))
      #expect(ran.exit == 0 && ran.output.contains("1.5"), "\(ran.output) \(ran.error)")
      let other = try Place.fresh("other")
      try "{}".write(toFile: other, atomically: true, encoding: .utf8)
      let refused = try await daemon.bahari("bench", "compare", other, other)
      #expect(refused.exit == 64 && refused.error.contains(other), "\(refused.exit) \(refused.error)")
    }

    @Test("Failed calls are counted by code, and the bench ends with an error")
    func failures() async throws {
      let daemon = try Daemon.shared
      try await daemon.sql(
        """
        CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON public.mst_kabupaten FOR EACH ROW EXECUTE FUNCTION public.refuse();
        """)
      let ran = try await daemon.bahari("bench", "create", "kabupaten", "--duration", "1", "-o", "json")
      #expect(ran.exit == 70, "\(ran.error)")
      let report = try ran.json
      #expect(report["failed"] as? Int == report["calls"] as? Int)
      #expect((report["errors"] as? [String: Int])?.keys.sorted() == ["INVALID_ARGUMENT"])
      #expect(try await daemon.sql("SELECT count(*) FROM public.mst_kabupaten") == "2")
    }

    @Test("Arguments that cannot be measured are refused with advice")
    func refusals() async throws {
      let daemon = try Daemon.shared
      for (arguments, advice) in [
        (["get"], "takes a resource"), (["health", "desa"], "takes nothing"),
        (["check-in", "absensi"], "takes nothing"), (["compare", "a"], "takes two files"),
        (["get", "desa", "--client", "--verify"], "--client"), (["check-in"], "pegawai has no rows"),
        (["get", "kapal_api"], "there is no resource"),
        (["get", "desa", "--by", "name"], "--by is for list"),
        (["get", "desa", "--depth", "0"], "must be from 1 to 1000"),
      ] {
        let ran = try await daemon.bahari(["bench"] + arguments)
        #expect(ran.exit != 0)
        #expect(ran.error.contains(advice), "\(arguments): \(ran.error)")
      }
    }
  }
}
