import BahariClient
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// `baharid demo`: a country to try calls on.
  @Suite(.startsDaemons) struct Demo {
    @Test("The whole country is put in once, the calls it prints work, and another seed is refused")
    func country() async throws {
      let country = try await FilledDemo.copy("demo_country")
      #expect(country.output.contains("phase 8 of 8"))
      let first = try country.start()
      try await first.says("  bahari bench")
      #expect(first.child.standardOutput.contains("are there already"))
      let client = first.client
      #expect(try await client.provinsi.list().pagination.total == 34)
      #expect(try await client.kabupaten.list().pagination.total == 514)
      #expect(try await client.kecamatan.list().pagination.total == 7_266)
      #expect(try await client.desa.list().pagination.total == 83_467)
      let calls = first.child.standardOutput.split(separator: "\n").filter { $0.hasPrefix("  bahari ") }
      #expect(calls.count == 6)
      for call in calls {
        let ran = try await first.shell(call + (call.contains(" bench ") ? " --duration 1" : ""))
        #expect(ran.exit == 0 && !ran.output.contains(", 0 rows"), "\(call): \(ran.output) \(ran.error)")
      }
      try await tables(client)
      let village = try #require(try await client.desa.list().data.first)
      _ = try await client.desa.delete(village.id)
      #expect(try await first.stop() == 0)

      let again = try country.start()
      try await again.ready()
      #expect(again.child.standardOutput.contains("are there already"))
      #expect(try await again.client.desa.list().pagination.total == 83_466)
      #expect(try await again.stop() == 0)

      let verified = try await OldDatabase.baharid(["migrate", "verify", "--database", country.conninfo])
      #expect(verified.exit == 0 && verified.output.contains("values of 9 equal"), "\(verified.output)")

      let other = try country.start("--seed", "2")
      #expect(try await other.child.end() == 1)
      #expect(other.child.standardError.contains("demo of seed 1, not of 2"), "\(other.child.standardError)")
    }

    /// Lists of tables that refer to others include the names, and new rows get ids behind the demo's.
    private func tables(_ client: BahariClient) async throws {
      var newest = ListRequest()
      newest.limit = 20
      let groups = try await client.kelompokNelayan.list(newest)
      #expect(groups.pagination.total >= 2_000 && groups.data.count == 20)
      for row in groups.data {
        #expect(!row.uptNama.isEmpty && !row.uptPimpinan.isEmpty && !row.penyuluhNama.isEmpty)
        #expect(!row.provinceName.isEmpty && row.hasJenisUsahaID == !row.jenisUsahaNama.isEmpty)
      }
      let catches = try await client.produksiHasilTangkapan.list(newest)
      #expect(catches.pagination.total >= 50_000)
      for row in catches.data {
        #expect(!row.kelompokNelayanNama.isEmpty && !row.komoditasNama.isEmpty)
        #expect(row.hasKapalID == !row.kapalNama.isEmpty && row.hasAlatTangkapID == !row.alatTangkapNama.isEmpty)
      }
      let visits = try await client.absensi.list(newest)
      #expect(visits.pagination.total >= 100_000)
      #expect(visits.data.allSatisfy { $0.date == "2026-06-30" && !$0.pegawaiNama.isEmpty })
      let officers = try await client.penyuluh.list(newest)
      #expect(officers.data.allSatisfy { !$0.penyuluhNama.isEmpty && !$0.uptNama.isEmpty && !$0.wilayahBinaan.isEmpty })
      let training = try await client.pelatihan.list(newest)
      #expect(training.data.allSatisfy { !$0.jenisPelatihanNama.isEmpty && !$0.pesertaKelompok.isEmpty })
      #expect(try await client.bantuan.list(newest).data.allSatisfy { !$0.jenisBantuanNama.isEmpty })
      #expect(try await client.sertifikasi.list(newest).data.allSatisfy { !$0.jenisSertifikasiNama.isEmpty })
      var role = Bahari_V1_Role()
      (role.levelRole, role.namaRole) = ("Pusat", "Pengamat")
      let last = try await client.role.list(newest).data.map(\.id).max()
      #expect(try await client.role.create(role).data?.id == last.map { $0 + 1 })
    }

    @Test("A demo of the regions alone is filled up")
    func regionsAlone() async throws {
      let served = try await Daemon.serving(database: "demo_regions")
      try await served.sql("CREATE TABLE bahari.demo (seed bigint NOT NULL)")
      try await served.sql("INSERT INTO bahari.demo VALUES (3)")
      try await served.sql("INSERT INTO public.mst_provinsi (id, name) SELECT n, 'X' FROM generate_series(11, 94) AS n")
      #expect(try await served.stop() == 0)
      let demo = try Daemon(
        socket: try Place.fresh("sock"), ["--database", try await served.conninfo, "--seed", "3"], command: "demo")
      try await demo.ready()
      #expect(demo.child.standardOutput.contains("filling 18 tables"), "\(demo.child.standardOutput)")
      #expect(try await demo.client.provinsi.list().pagination.total == 84)
      #expect(try await demo.client.kapal.list().pagination.total == 3_600)
      #expect(try await demo.stop() == 0)
    }

    @Test("A database with other rows is refused and left as it is")
    func otherRows() async throws {
      let served = try await Daemon.serving(database: "demo_other")
      try await served.sql(Regions.sql)
      #expect(try await served.stop() == 0)
      let demo = try Daemon(
        socket: try Place.fresh("sock"), ["--database", try await served.conninfo], command: "demo")
      #expect(try await demo.child.end() == 1)
      #expect(demo.child.standardError.contains("public.mst_provinsi holds rows"), "\(demo.child.standardError)")
      #expect(demo.child.standardError.contains("--data-dir"))
      #expect(try await served.sql("SELECT count(*) FROM public.mst_desa") == "25")
      #expect(try await served.sql("SELECT to_regclass('bahari.demo') IS NULL") == "t")
    }
  }
}
