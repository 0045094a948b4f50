import TestSupport
import Testing

extension EndToEnd {
  /// The load driver: what it counts is so.
  @Suite(.served("benching")) struct Benching {
    private func report(_ arguments: [String]) async throws -> [String: Any] {
      let ran = try await Daemon.shared.bahari(
        ["bench"] + arguments + ["--duration", "1", "--connections", "3", "--depth", "2", "-o", "json"])
      #expect(ran.exit == 0, "\(ran.error)")
      return try ran.json
    }

    @Test(
      "Every scenario counts its calls, and none fails",
      arguments: [["get", "desa"], ["list", "desa", "--by", "district_id"], ["health"], ["get", "desa", "--client"]])
    func scenarios(arguments: [String]) async throws {
      let report = try await report(arguments)
      #expect(try #require(report["calls"] as? Int) > 0)
      #expect(report["failed"] as? Int == 0)
      #expect((report["errors"] as? [String: Int])?.isEmpty == true)
      let latency = try #require(report["latencyMicroseconds"] as? [String: Int])
      #expect(Set(latency.keys) == ["p50", "p90", "p99", "p99.9", "max"])
      #expect(try #require(latency["p50"]) <= #require(latency["max"]))
    }

    @Test("create makes as many rows as it counts, and takes them away again unless it is told to keep them")
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
      "check-in makes as many days as it counts, each noted as a request, and takes them away again",
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

    @Test("Calls that fail are told by code, and the bench ends with an error")
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

    @Test("What cannot be measured is said, and how to put it right")
    func refusals() async throws {
      let daemon = try Daemon.shared
      for (arguments, word) in [
        (["get"], "name a resource"), (["health", "desa"], "takes no resource"),
        (["check-in", "absensi"], "takes no resource"), (["check-in"], "pegawai has no rows"),
        (["get", "kapal_api"], "there is no resource"),
        (["get", "desa", "--by", "name"], "--by is for list"),
        (["get", "desa", "--depth", "0"], "must be from 1 to 1000"),
      ] {
        let ran = try await daemon.bahari(["bench"] + arguments)
        #expect(ran.exit != 0)
        #expect(ran.error.contains(word), "\(arguments): \(ran.error)")
      }
    }
  }
}
