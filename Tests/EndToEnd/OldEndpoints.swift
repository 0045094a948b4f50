import Foundation
import Testing

extension EndToEnd {
  /// `bahari call 'GET /pegawai?page=2'`: requests of the old service, with the replies that it gave.
  @Suite(.served("old_endpoints")) struct OldEndpoints {
    private let daemon: Daemon

    init() throws { daemon = try Daemon.shared }

    private func call(_ endpoint: String, _ body: String? = nil) async throws -> [String: Any] {
      let ran = try await daemon.bahari(["call", endpoint] + (body.map { [$0] } ?? []))
      #expect(ran.exit == 0, "\(endpoint): \(ran.error)")
      let json = try ran.json
      #expect(json["responseCode"] as? String == "2000000", "\(endpoint)")
      return json
    }

    private func rows(_ endpoint: String) async throws -> [[String: Any]] {
      try #require(try await call(endpoint)["data"] as? [[String: Any]], "\(endpoint)")
    }

    @Test("lists: pages, search, parents, relations") func lists() async throws {
      let page = try await call("GET /api/master/villages?page=2&limit=10")
      #expect((page["data"] as? [Any])?.count == 10)
      let pagination = try #require(page["pagination"] as? [String: Any])
      let wanted = ["total": 25, "totalPages": 3, "currentPage": 2, "page": 2, "limit": 10]
      #expect(wanted.allSatisfy { pagination[$0] as? Int == $1 }, "\(pagination)")
      let name = try #require((page["data"] as? [[String: Any]])?.first?["name"] as? String)
      let query = try #require(name.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
      #expect(try await rows("GET /api/master/villages/search?q=\(query)").contains { $0["name"] as? String == name })
      let regencies = try await rows("GET /api/master/regencies/province/11?limit=100")
      #expect(!regencies.isEmpty && regencies.allSatisfy { $0["province_id"] as? Int == 11 })
      let related = try await rows("GET /api/master/villages/with-relations")
      #expect(related.allSatisfy { $0["province_name"] as? String == "ACEH" } && !related.isEmpty)
    }

    @Test("one row's life") func life() async throws {
      let created = try await call("POST /api/master/roles", #"{"level_role": "3", "nama_role": "Kasir"}"#)
      let id = try #require((created["data"] as? [String: Any])?["id"] as? Int)
      let changed = try await call("PUT /api/master/roles/\(id)", #"{"nama_role": "Juru tulis", "keterangan": null}"#)
      #expect((changed["data"] as? [String: Any])?["nama_role"] as? String == "Juru tulis")
      #expect(try await daemon.sql("SELECT level_role FROM public.mst_role WHERE id = \(id)") == "3")
      let read = try await call("GET /api/master/roles/\(id)")
      #expect((read["data"] as? [String: Any])?["nama_role"] as? String == "Juru tulis")
      _ = try await call("DELETE /api/master/roles/\(id)")
      #expect(try await daemon.sql("SELECT count(*) FROM public.mst_role WHERE id = \(id)") == "0")
    }

    @Test("by a unique column, check-in and check-out") func attendance() async throws {
      try await daemon.sql(
        """
        INSERT INTO public.mst_role (level_role, nama_role) VALUES ('1', 'P');
        INSERT INTO public.mst_organisasi (level_organisasi, kode_organisasi, nama_organisasi) VALUES ('1', 'D', 'Dinas');
        INSERT INTO public.mst_pegawai (nip, nama, email, jabatan, organisasi_id, role_id)
          SELECT '8801', 'Sri', 'sri@contoh.id', 'Penyuluh', o.id, r.id FROM public.mst_role r, public.mst_organisasi o
          WHERE r.nama_role = 'P';
        """)
      let found = try await call("GET /pegawai/email/sri@contoh.id")
      #expect((found["data"] as? [String: Any])?["nip"] as? String == "8801")
      let body = """
        {"nip": "8801", "date": "2026-11-02", "checkin": "2026-11-02T01:00:00Z", "ci_latitude": "-6.1", \
        "ci_longitude": "106.8"}
        """
      let entered = try await call("POST /absensi/checkin", body)
      let id = try #require((entered["data"] as? [String: Any])?["id"] as? Int)
      let left = try await call(
        "POST /absensi/\(id)/checkout",
        #"{"checkout": "2026-11-02T09:00:00Z", "co_latitude": "-6.1", "co_longitude": "106.8"}"#)
      #expect((left["data"] as? [String: Any])?["working_hours"] as? String == "8.00")
    }

    @Test(
      "endpoints that never existed are refused by name",
      arguments: [
        ("GET /fish", "/fish"), ("GET /pegawai/a/b", "/pegawai/a/b"), ("POST /pegawai/7/dance", "/pegawai/7/dance"),
        ("GET pegawai", "VERB /PATH"), ("GET /pegawai?page=x", "page=x"), ("GET /pegawai?warna=1", "warna"),
      ])
    func unknown(_ endpoint: String, _ named: String) async throws {
      let ran = try await daemon.bahari(["call", endpoint])
      #expect(ran.exit != 0 && ran.error.contains(named), "\(ran.exit) \(ran.error)")
    }
  }
}
