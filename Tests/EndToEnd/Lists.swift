import BahariClient
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// Lists through the CLI and the daemon.
  @Suite(.served("lists")) struct Lists {
    private let daemon: Daemon

    init() async throws {
      daemon = try Daemon.shared
      try await daemon.sql(
        """
        UPDATE public.mst_desa SET latitude = -6 - (id - 1101010000) / 100.0, longitude = 106.8 WHERE id <= 1101010005;
        INSERT INTO public.mst_organisasi (id, level_organisasi, kode_organisasi, nama_organisasi) \
        VALUES (1, 'Pusat', 'KKP', 'KKP') ON CONFLICT DO NOTHING;
        INSERT INTO public.mst_role (id, level_role, nama_role) VALUES (1, '1', 'Admin') ON CONFLICT DO NOTHING;
        INSERT INTO public.mst_pegawai (nip, nama, email, jabatan, organisasi_id, role_id) \
        VALUES ('00001', 'Ani', 'ani@example.org', 'Staf', 1, 1) ON CONFLICT DO NOTHING;
        """)
    }

    @Test("Nearest first, with the distance in every form") func near() async throws {
      let table = try await daemon.bahari(
        "list", "desa", "--near", "-6.028,106.8", "--radius", "1.4", "--columns", "id", "--limit", "2")
      #expect(table.exit == 0, "\(table.error)")
      #expect(
        table.output
          == "        id  distance_km\n----------  -----------\n1101010003        0.222\n1101010002         0.89\n"
          + "page 1 of 2, 3 rows\n")
      let csv = try await daemon.bahari(
        "list", "desa", "--near", "-6.028,106.8", "--radius", "1.4", "--columns", "id", "-o", "csv", "--all", "--limit",
        "2")
      #expect(csv.output == "id,distance_km\n1101010003,0.222\n1101010002,0.89\n1101010004,1.334\n")
      let lines = try await daemon.bahari(
        "list", "desa", "--near", "-6.028,106.8", "--radius", "0.5", "--columns", "id", "-o", "jsonl")
      #expect(lines.output == "{\"id\":1101010003,\"distance_km\":0.222}\n")
      let json = try await daemon.bahari("list", "desa", "--near", "-6.028,106.8", "--columns", "id", "-o", "json")
      #expect((try json.json["distanceKm"] as? [Double])?.count == 5, "the other villages have no coordinates")
      let box = try await daemon.bahari(
        "list", "desa", "--box", "-6.02,106,-6.01,107", "--sort", "-id", "--columns", "id", "-o", "csv")
      #expect(box.output == "id\n1101010002\n1101010001\n")
    }

    @Test("Bad arguments are refused by name") func refusals() async throws {
      for (arguments, text) in [
        (["--near", "-6.1"], "--near takes LATITUDE,LONGITUDE"), (["--radius", "3"], "--radius requires --near"),
        (["--box", "1,2,3,"], "--box takes SOUTH,WEST,NORTH,EAST"), (["--near", "-96.1,106"], "near.latitude"),
        (["--near", "1,1", "--radius", "0"], "near.radius_km"), (["--near", "1,1", "--sort", "id"], "sort"),
        (["--page-token", "00"], "page_token"), (["--limit", "0"], "limit"), (["--all", "--page", "2"], "--all"),
        (["--page-token", "00", "--page", "1"], "page_token"), (["--count", "some"], "--count"),
      ] {
        let ran = try await daemon.bahari(["list", "desa"] + arguments)
        #expect(ran.exit == 64 || ran.exit == 65, "\(arguments): \(ran.exit) \(ran.error)")
        #expect(ran.error.contains(text), "\(arguments): \(ran.error)")
      }
      let pegawai = try await daemon.bahari("list", "pegawai", "--near", "1,1")
      #expect(pegawai.error.contains("near: mst_pegawai has no coordinates"))
    }

    @Test("All rows come as one output, page after page") func all() async throws {
      let ids = (1...25).map { "11010100" + ($0 < 10 ? "0" : "") + "\($0)" }
      for limit in ["1", "7", "25", "100"] {
        let arguments = ["list", "desa", "--all", "--limit", limit, "--sort", "id", "--columns", "id"]
        let csv = try await daemon.bahari(arguments + ["-o", "csv"])
        #expect(csv.output == "id\n" + ids.joined(separator: "\n") + "\n")
        let table = try await daemon.bahari(arguments)
        #expect(table.output == "        id\n----------\n" + ids.joined(separator: "\n") + "\n")
        let lines = try await daemon.bahari(arguments + ["-o", "jsonl"])
        #expect(lines.output == ids.map { "{\"id\":\($0)}\n" }.joined())
        let json = try await daemon.bahari(arguments + ["-o", "json"])
        let array = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [[String: Int]]
        #expect(array?.map { $0["id"] } == ids.map { Int($0) })
      }
      let none = try await daemon.bahari("list", "desa", "--all", "--where", "id=5", "-o", "json")
      #expect(none.output == "[]\n" && none.exit == 0)
    }

    @Test("Counts and page tokens") func counts() async throws {
      let exact = try await daemon.bahari("list", "desa", "--limit", "20", "-o", "json")
      let pagination = try #require(try exact.json["pagination"] as? [String: Any])
      #expect(pagination["total"] as? Int == 25 && pagination["totalPages"] as? Int == 2)
      #expect(pagination["currentPage"] as? Int == 1 && pagination["page"] as? Int == 1)
      let token = try #require(pagination["nextPageToken"] as? String)
      let next = try await daemon.bahari(
        "list", "desa", "--limit", "20", "--page-token", token, "--count", "none", "-o", "json")
      let last = try #require(try next.json["pagination"] as? [String: Any])
      #expect(Array(last.keys) == ["limit"], "no total, no page, and no token on the last page: \(last)")
      #expect((try next.json["data"] as? [Any])?.count == 5)
      let estimated = try await daemon.bahari("list", "desa", "--limit", "1", "--count", "estimated", "-o", "json")
      #expect((try estimated.json["pagination"] as? [String: Any])?["total"] is Int)
    }

    @Test("A row by any unique column") func byColumn() async throws {
      for by in ["nip=00001", "email=ani@example.org"] {
        let ran = try await daemon.bahari("get", "pegawai", "--by", by, "-o", "json")
        #expect((try ran.json["data"] as? [String: Any])?["nama"] as? String == "Ani", "\(ran.error)")
      }
      let none = try await daemon.bahari("get", "pegawai", "--by", "nip=1")
      #expect(none.error.contains("NOT_FOUND 4040001"))
      let other = try await daemon.bahari("get", "pegawai", "--by", "nama=Ani")
      #expect(other.exit != 0 && other.error.contains("column") && other.error.contains("email"))
    }
  }
}
