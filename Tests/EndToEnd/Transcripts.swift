import Foundation
import Testing

extension EndToEnd {
  /// The CLI as scripts use it: JSON in the contract's envelope, exit codes, errors on standard error.
  @Suite(.served("transcripts")) struct Transcripts {
    private let daemon: Daemon

    init() throws { daemon = try Daemon.shared }

    private func expectSuccess(_ ran: Ran, location: SourceLocation = #_sourceLocation) throws -> [String: Any] {
      #expect(ran.exit == 0 && ran.error.isEmpty, "\(ran.exit): \(ran.error)", sourceLocation: location)
      let json = try ran.json
      #expect(json["responseCode"] as? String == "2000000", sourceLocation: location)
      #expect(json["responseMessage"] as? String == "Success", sourceLocation: location)
      #expect(!(try #require(json["message"] as? String)).isEmpty, sourceLocation: location)
      return json
    }

    private func expectError(
      _ ran: Ran, _ exit: Int32, _ words: String..., location: SourceLocation = #_sourceLocation
    ) {
      #expect(ran.exit == exit, "\(ran.error)", sourceLocation: location)
      #expect(ran.output.isEmpty, sourceLocation: location)
      for word in words { #expect(ran.error.contains(word), "\(ran.error)", sourceLocation: location) }
    }

    // MARK: Success

    @Test("list: rows, and the five names of the pagination")
    func list() async throws {
      let ran = try await daemon.bahari("list", "desa", "--limit", "10", "--page", "3", "-o", "json")
      let json = try expectSuccess(ran)
      let rows = try #require(json["data"] as? [[String: Any]])
      #expect(rows.count == 5)
      let keys = Set(try #require(rows.first).keys)
      #expect(keys.isSuperset(of: ["id", "district_id", "name", "alt_name", "latitude", "longitude", "version"]))
      let pagination = try #require(json["pagination"] as? [String: Int])
      let wanted = ["total": 25, "totalPages": 3, "currentPage": 3, "page": 3, "limit": 10]
      #expect(pagination == wanted)
    }

    @Test("list: chosen columns and no others")
    func columns() async throws {
      let ran = try await daemon.bahari("list", "desa", "--columns", "id,name", "--limit", "1", "-o", "json")
      let rows = try #require(try expectSuccess(ran)["data"] as? [[String: Any]])
      #expect(Set(try #require(rows.first).keys) == ["id", "name"])
    }

    @Test("get: numbers as numbers, decimals as text, NULL as null")
    func get() async throws {
      let json = try expectSuccess(try await daemon.bahari("get", "provinsi", "11", "-o", "json"))
      let row = try #require(json["data"] as? [String: Any])
      #expect(row["id"] as? Int == 11 && row["name"] as? String == "ACEH")
      #expect(row["latitude"] as? String == "4.2")
      #expect(row["alt_name"] is NSNull)
      #expect(json["pagination"] == nil)
    }

    @Test("create, update, delete: one row's life")
    func life() async throws {
      let created = try expectSuccess(
        try await daemon.bahari(
          "create", "provinsi", "--set", "id=77", "--set", "name=Baru", "--set", "alt_name=B", "-o", "json"))
      let row = try #require(created["data"] as? [String: Any])
      #expect(row["id"] as? Int == 77 && row["name"] as? String == "Baru")
      let version = try #require(row["version"] as? String)
      let updated = try expectSuccess(
        try await daemon.bahari(
          "update", "provinsi", "77", "--set", "name=Lama", "--unset", "alt_name", "--version", version, "-o", "json"))
      let changed = try #require(updated["data"] as? [String: Any])
      #expect(changed["name"] as? String == "Lama" && changed["alt_name"] is NSNull)
      expectError(
        try await daemon.bahari("update", "provinsi", "77", "--set", "name=X", "--version", version, "-o", "json"),
        73, "\"ABORTED\"", "4090000")
      #expect(try await daemon.sql("SELECT name FROM public.mst_provinsi WHERE id = 77") == "Lama")
      _ = try expectSuccess(try await daemon.bahari("delete", "provinsi", "77", "-o", "json"))
      #expect(try await daemon.sql("SELECT count(*) FROM public.mst_provinsi WHERE id = 77") == "0")
    }

    @Test("A dry run writes nothing")
    func dryRun() async throws {
      let ran = try await daemon.bahari(
        "create", "provinsi", "--set", "id=78", "--set", "name=Baru", "--dry-run", "-o", "json")
      let row = try #require(try expectSuccess(ran)["data"] as? [String: Any])
      #expect(row["name"] as? String == "Baru")
      _ = try expectSuccess(try await daemon.bahari("delete", "provinsi", "11", "--cascade", "--dry-run", "-o", "json"))
      #expect(try await daemon.sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM public.mst_provinsi") == "11 12")
    }

    @Test("describe: resources, and the columns of one")
    func describe() async throws {
      let all = try await daemon.bahari("describe", "-o", "json").json
      let names = (all["resources"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
      #expect(names.count == 22 && names.prefix(4) == ["provinsi", "kabupaten", "kecamatan", "desa"])
      let one = try await daemon.bahari("describe", "desa", "-o", "json").json
      let columns = (one["columns"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
      #expect(columns == ["id", "district_id", "name", "alt_name", "latitude", "longitude"])
      #expect(try await daemon.bahari("describe").output.contains("mst_kabupaten"))
    }

    @Test("health, as a whole and of a service")
    func health() async throws {
      for arguments in [["health"], ["health", "bahari.v1.DesaService"]] {
        let ran = try await daemon.bahari(arguments)
        #expect(ran.exit == 0 && ran.output == "SERVING\n" && ran.error.isEmpty)
      }
      expectError(try await daemon.bahari("health", "bahari.v1.Nothing"), 66, "bahari.v1.Nothing")
    }

    @Test("call: a unary method and a stream")
    func call() async throws {
      let one = try expectSuccess(try await daemon.bahari("call", "ProvinsiService/Get", #"{"id": 12}"#))
      #expect((one["data"] as? [String: Any])?["name"] as? String == "SUMATERA UTARA")
      let many = try await daemon.bahari("call", "bahari.v1.DesaService/Export", "{}")
      let page = try expectSuccess(many)
      #expect((page["data"] as? [[String: Any]])?.count == 25)
      // A write without a request id gets one.
      let write = #"{"data": {"level_organisasi": "Pusat", "kode_organisasi": "K", "nama_organisasi": "K"}}"#
      _ = try expectSuccess(try await daemon.bahari("call", "OrganisasiService/Create", write))
      let named = "SELECT count(*) FROM bahari.request_log WHERE service LIKE '%OrganisasiService'"
      #expect(try await daemon.sql(named) == "1")
    }

    // MARK: Failure

    @Test("Exit codes give the class of the failure")
    func exitCodes() async throws {
      expectError(try await daemon.bahari("list", "nothing", "-o", "json"), 64, "nothing", "provinsi")
      expectError(try await daemon.bahari("list", "desa", "--limit", "101"), 64, "limit", "4000001")
      expectError(try await daemon.bahari("list", "desa", "--where", "colour=red"), 64, "colour", "district_id")
      expectError(try await daemon.bahari("list", "desa", "--nonsense"), 64, "nonsense")
      expectError(try await daemon.bahari("call", "DesaService/Nothing"), 64, "Nothing", "BatchUpsert")
      expectError(
        try await daemon.bahari("create", "provinsi", "--set", "id=11", "--set", "name=X"), 73, "ALREADY_EXISTS",
        "4090001")
      expectError(try await daemon.bahari("delete", "provinsi", "11"), 65, "25 of mst_desa", "FAILED_PRECONDITION")
      expectError(
        try await daemon.bahari("create", "kabupaten", "--set", "id=9", "--set", "province_id=99", "--set", "name=X"),
        65, "data.province_id")
      expectError(
        try await daemon.bahari("create", "kabupaten", "--set", "id=9", "--set", "province_id=11"), 64, "data.name",
        "4000002")
      expectError(try await daemon.bahari("get", "desa", "1", "-o", "json"), 66, "NOT_FOUND", "4040001")
      expectError(try await daemon.bahari("import", "desa", "/nowhere.csv"), 66, "/nowhere.csv")
    }

    @Test("A call that takes too long ends with 75")
    func timeout() async throws {
      try await daemon.whileLocked("mst_desa") {
        expectError(try await daemon.bahari("list", "desa", "--timeout", "1"), 75, "DEADLINE_EXCEEDED", "--timeout")
      }
    }

    @Test("Another user may read and not write", .enabled(if: geteuid() == 0, "needs root, to become another user"))
    func otherUser() async throws {
      chmod(daemon.socket, 0o666)
      defer { chmod(daemon.socket, 0o660) }
      func asNobody(_ line: String) async throws -> Ran {
        try await daemon.run(
          "/usr/bin/env",
          ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "\(Place.programs)/bahari"]
            + line.split(separator: " ").map(String.init) + ["--socket", daemon.socket])
      }
      #expect(try await asNobody("get provinsi 11").exit == 0)
      expectError(try await asNobody("delete provinsi 12"), 77, "PERMISSION_DENIED", "4030001", "65534")
      #expect(try await daemon.sql("SELECT count(*) FROM public.mst_provinsi WHERE id = 12") == "1")
    }

    @Test("Without a daemon: exit 69, and advice")
    func noDaemon() async throws {
      let path = try Place.fresh("nobody.sock")
      let ran = try await daemon.run("\(Place.programs)/bahari", ["list", "desa", "--socket", path])
      expectError(ran, 69, path, "baharid serve")
    }

    @Test("A reader that closes the pipe ends the CLI silently")
    func head() async throws {
      let list = try await daemon.shell("bahari list desa | head -n 1; echo ${PIPESTATUS[0]}")
      #expect(list.error.isEmpty)
      #expect(list.output.contains("district_id") && !list.output.contains("Desa 1"))
      // A reader that is surely gone: the process behind the pipe is waited for first.
      let gone = try await daemon.shell("exec 3> >(exec true); wait $!; bahari list desa >&3; echo $?")
      #expect(gone.error.isEmpty && gone.output == "141\n", "\(gone.output) \(gone.error)")
    }
  }
}
