import BahariClient
import BahariFrame
import SwiftProtobuf
import Testing

@testable import BahariService

/// Each report on small data, against sums worked out by hand.
@Suite("Reports", .ownDatabases) struct ReportTests {
  @Test("tons are summed as kilograms, and counted catches apart from weighed ones") func produksi() async throws {
    let bench = try await ServiceBench("report_produksi")
    try bench.session.execute(ReportData.sql)
    func report(_ fill: (inout Bahari_V1_ProduksiReportRequest) -> Void = { _ in }) async throws -> [String] {
      var request = Bahari_V1_ProduksiReportRequest()
      (request.dateFrom, request.dateTo) = ("2026-01-01", "2026-12-31")
      fill(&request)
      let reply: Bahari_V1_ProduksiReportReply = try await bench.report(request, "produksi")
      #expect(reply.responseCode == "2000000" && reply.warnings.isEmpty)
      return reply.data.map { row in
        let groups = [
          row.bulan, row.provinceName, row.kelompokNelayanNama, row.komoditasNama, row.satuan, "\(row.jumlahData)",
          row.jumlahProduksi, row.totalNilai, row.hargaRataRata,
        ]
        return groups.filter { !$0.isEmpty }.joined(separator: " ")
      }
    }
    #expect(
      try await report() == [
        "2026-01 Lobster ekor 1 12.00 12000.00 1000.00", "2026-01 Lobster kg 1 3.00 15.00 5.00",
        "2026-01 Tuna kg 4 2050.00 33500.00 20.30", "2026-02 Tuna kg 1 7.00 700.00 100.00",
      ])
    #expect(
      try await report { $0.groupBy = ["kelompok"] } == [
        "Bahagia ekor 1 12.00 12000.00 1000.00", "Bahagia kg 5 2010.00 33715.00 20.94",
        "Cahaya kg 1 50.00 500.00 10.00",
      ])
    #expect(
      try await report { ($0.groupBy, $0.provinceID) = (["provinsi", "kelompok"], 12) } == [
        "SUMATERA UTARA Cahaya kg 1 50.00 500.00 10.00"
      ])
    #expect(
      try await report { ($0.groupBy, $0.kelompokNelayanID, $0.komoditasID) = (["komoditas"], 1, 2) } == [
        "Lobster ekor 1 12.00 12000.00 1000.00", "Lobster kg 1 3.00 15.00 5.00",
      ])
    // Both days are in, and no other.
    #expect(
      try await report { ($0.dateFrom, $0.dateTo) = ("2026-01-31", "2026-02-01") } == [
        "2026-01 Tuna kg 1 1500.00 30000.00 20.00", "2026-02 Tuna kg 1 7.00 700.00 100.00",
      ])
    // No value is known: none is shown.
    #expect(
      try await report { ($0.dateFrom, $0.dateTo, $0.kelompokNelayanID) = ("2026-01-15", "2026-01-15", 1) } == [
        "2026-01 Tuna kg 1 400.00"
      ])
    await bench.close()
  }

  @Test("aid is summed by the requested columns; groups are served twice, once or never") func bantuan() async throws {
    let bench = try await ServiceBench("report_bantuan")
    try bench.session.execute(ReportData.sql + ReportData.aid)
    func report(_ request: Bahari_V1_BantuanReportRequest) async throws -> [String] {
      let reply: Bahari_V1_BantuanReportReply = try await bench.report(request, "bantuan")
      return reply.data.map { row in
        let year = row.hasTahunAnggaran ? "\(row.tahunAnggaran)" : ""
        let texts = [year, row.statusPenyaluran, row.jenisBantuanNama, row.sumberDana].filter { !$0.isEmpty }
        return (texts + ["\(row.jumlahData)", "\(row.jumlahKelompok)", row.totalNilai]).joined(separator: " ")
      }
    }
    #expect(
      try await report(.init()) == [
        "2025 Selesai 1 1 20.00", "2026 Direncanakan 2 2 40.00", "2026 Disalurkan 2 2 170.00", "2026 Selesai 1 1 50.50",
      ])
    #expect(
      try await report(.with { ($0.groupBy, $0.tahunAnggaran) = (["jenis", "sumber"], 2026) }) == [
        "Jaring 1 1 50.50", "Mesin APBD 1 1 70.00", "Mesin APBN 3 3 140.00",
      ])
    #expect(
      try await report(.with { ($0.groupBy, $0.provinceID) = (["tahun"], 12) }) == [
        "2025 1 1 20.00", "2026 3 2 110.00",
      ])
    func coverage(
      _ year: Int32, _ served: Bahari_V1_BantuanCoverageRequest.Served, province: Int32? = nil
    ) async throws -> [String] {
      var request = Bahari_V1_BantuanCoverageRequest()
      (request.tahunAnggaran, request.served) = (year, served)
      if let province { request.provinceID = province }
      let reply: Bahari_V1_BantuanCoverageReply = try await bench.report(request, "cakupan-bantuan")
      return reply.data.map {
        "\($0.kelompokNelayanID) \($0.kelompokNelayanNama) \($0.provinceName) \($0.jumlahBantuan) \($0.totalNilai)"
      }
    }
    #expect(try await coverage(2026, .twice) == ["1 Bahagia ACEH 2 150.50"])
    #expect(try await coverage(2026, .never) == ["3 Damai SUMATERA UTARA 0 0.00"])
    #expect(try await coverage(2025, .never) == ["1 Bahagia ACEH 0 0.00", "2 Cahaya SUMATERA UTARA 0 0.00"])
    #expect(try await coverage(2025, .never, province: 11) == ["1 Bahagia ACEH 0 0.00"])
    #expect(try await coverage(2025, .twice) == [])
    await bench.close()
  }

  @Test("a reply that is cut has a warning") func cut() async throws {
    let bench = try await ServiceBench("report_cut")
    try bench.session.execute(
      ReportData.sql + """
        INSERT INTO public.mst_kelompok_nelayan
          (id, nib_kelompok, no_registrasi, nama_kelompok, nik_ketua, nama_ketua, upt_id, province_id, penyuluh_id)
        SELECT n, 'n' || n, 'r' || n, 'K' || n, '1', 'K', 1, 11, 1 FROM generate_series(4, 1001) AS n;
        """)
    func never(province: Int32?) async throws -> Bahari_V1_BantuanCoverageReply {
      let request = Bahari_V1_BantuanCoverageRequest.with {
        ($0.tahunAnggaran, $0.served) = (2026, .never)
        if let province { $0.provinceID = province }
      }
      return try await bench.report(request, "cakupan-bantuan")
    }
    let all = try await never(province: nil)
    #expect(all.data.count == 1_000 && all.warnings.map(\.field) == ["data"])
    let some = try await never(province: 11)
    #expect(some.data.count == 999 && some.warnings.isEmpty)
    await bench.close()
  }

  @Test("a certificate expires on its day, and the last day counts") func expiring() async throws {
    let bench = try await ServiceBench("report_expiring")
    try bench.session.execute(ReportData.sql + ReportData.aid)
    func report(_ days: Int32?, province: Int32? = nil) async throws -> [String] {
      var request = Bahari_V1_SertifikasiExpiringRequest()
      request.date = "2026-03-01"
      if let days { request.days = days }
      if let province { request.provinceID = province }
      let reply: Bahari_V1_SertifikasiExpiringReply = try await bench.report(request, "sertifikasi")
      #expect(reply.data.allSatisfy { $0.jenisSertifikasiNama == "Halal" })
      return reply.data.map { "\($0.noSertifikat) \($0.kelompokNelayanNama) \($0.tanggalKadaluarsa) \($0.sisaHari)" }
    }
    let (today, last) = ("s2 Cahaya 2026-03-01 0", "s3 Bahagia 2026-03-31 30")
    #expect(try await report(0) == [today])
    #expect(try await report(29) == [today])
    #expect(try await report(30) == [today, last])
    #expect(try await report(nil) == [today, last, "s4 Bahagia 2026-04-01 31"])
    #expect(try await report(30, province: 11) == [last])
    await bench.close()
  }

  @Test("training of one officer on the same day is reported as a clash") func schedule() async throws {
    let bench = try await ServiceBench("report_schedule")
    try bench.session.execute(ReportData.sql + ReportData.days)
    func report(_ from: String, _ to: String, officer: Int32? = nil) async throws -> [String] {
      var request = Bahari_V1_PelatihanScheduleRequest()
      (request.dateFrom, request.dateTo) = (from, to)
      if let officer { request.penyuluhID = officer }
      let reply: Bahari_V1_PelatihanScheduleReply = try await bench.report(request, "pelatihan")
      return reply.data.map { "\($0.id) \($0.penyuluhNama) \($0.bentrok)" }
    }
    #expect(
      try await report("2026-03-01", "2026-03-06") == [
        "6 Ani [1]", "1 Ani [2, 6]", "5 Ani []", "4 Budi []", "7  []", "2 Ani [1]",
      ])
    #expect(try await report("2026-03-06", "2026-03-07", officer: 1) == ["2 Ani [1]", "3 Ani []"])
    #expect(try await report("2026-03-09", "2026-12-31") == [])
    await bench.close()
  }

  @Test("a month of attendance, with days that are open and a day that has two rows") func recap() async throws {
    let bench = try await ServiceBench("report_recap")
    try bench.session.execute(ReportData.sql + ReportData.days)
    func report(_ fill: (inout Bahari_V1_AbsensiRecapRequest) -> Void = { _ in }) async throws -> [String] {
      var request = Bahari_V1_AbsensiRecapRequest.with { $0.month = "2026-02" }
      fill(&request)
      let reply: Bahari_V1_AbsensiRecapReply = try await bench.report(request, "absensi")
      return reply.data.map {
        "\($0.bulan) \($0.nip) \($0.pegawaiNama) \($0.organisasiNama) \($0.jumlahHari) \($0.jamKerja) \($0.jamLembur) "
          + "\($0.pulangAwal) \($0.tepatWaktu) \($0.masihBerjalan)"
      }
    }
    let (ani, budi) = ("2026-02 001 Ani Dinas A 4 22.10 0.75 2 1 1", "2026-02 002 Budi Dinas B 1 0.00 0.00 0 0 1")
    #expect(try await report() == [ani, budi])
    #expect(try await report { $0.organisasiID = 2 } == [budi])
    #expect(try await report { $0.nip = "001" } == [ani])
    #expect(try await report { $0.month = "2026-12" } == [])
    await bench.close()
  }

  @Test("a profile has everything of its group and nothing of another") func profile() async throws {
    let bench = try await ServiceBench("report_profile")
    try bench.session.execute(ReportData.sql + ReportData.aid)
    func profile(_ id: Int32, _ date: String? = nil) async throws -> Bahari_V1_KelompokNelayanProfileReply {
      var request = Bahari_V1_KelompokNelayanProfileRequest.with { $0.id = id }
      if let date { request.date = date }
      return try await bench.report(request, "profil-kelompok")
    }
    let reply = try await profile(1, "2026-01-31")
    let group = reply.data
    #expect(group.namaKelompok == "Bahagia" && group.provinceName == "ACEH" && group.penyuluhNama == "Ani")
    #expect(reply.penyuluh.penyuluhNama == "Ani" && reply.penyuluh.id == 1 && reply.penyuluh.uptNama == "UPT")
    #expect(reply.kapal.map(\.namaKapal) == ["Angsa", "Zebra"] && reply.kapal.allSatisfy { $0.hasVersion })
    let catches = reply.produksi.map {
      "\($0.komoditasNama) \($0.jumlahData) \($0.jumlahProduksi) \($0.satuan) \($0.totalNilai) \($0.hargaRataRata)"
    }
    #expect(
      catches == [
        "Lobster 1 12.00 ekor 12000.00 1000.00", "Lobster 1 3.00 kg 15.00 5.00", "Tuna 4 2009.00 kg 33009.00 20.52",
      ])
    #expect(reply.bantuan.map(\.noBantuan) == ["b2", "b1"] && reply.bantuan[0].jenisBantuanNama == "Jaring")
    #expect(reply.sertifikasi.map(\.noSertifikat) == ["s3", "s5", "s4", "s1"])
    // The year ends with its date, and begins after the same day of the year before.
    #expect(try await profile(1, "2026-01-14").produksi.map(\.jumlahProduksi) == ["117.00"])
    #expect(try await profile(1, "2026-01-15").produksi.map(\.jumlahProduksi) == ["509.00"])
    #expect(try await profile(3).produksi.isEmpty)
    let missing = await #expect(throws: BahariFrame.Status.self) { _ = try await profile(99) }
    #expect(missing?.code == .notFound && missing?.metadata["response_code"] == "4040001")
    #expect(missing?.message.contains("id 99") == true)
    await bench.close()
  }
}
