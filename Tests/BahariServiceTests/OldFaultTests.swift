import BahariClient
import BahariFrame
import TestSupport
import Testing

@testable import BahariService

/// Faults of the old service's lists, one test for each.
@Suite("Faults of the old lists", .ownDatabases) struct OldFaultTests {
  /// 45 groups of one officer called Ani, 5 of Budi, all made at the same instant.
  private static let rows = """
    INSERT INTO public.mst_organisasi (level_organisasi, kode_organisasi, nama_organisasi) VALUES ('0', '0%', 'A_B\\C');
    INSERT INTO public.mst_organisasi (level_organisasi, kode_organisasi, nama_organisasi) VALUES ('1', '00', 'AXB C');
    INSERT INTO public.mst_role (level_role, nama_role) VALUES ('1', 'Admin');
    INSERT INTO public.mst_pegawai (nip, nama, email, jabatan, organisasi_id, role_id, status_aktif)
      VALUES ('1', 'Ani', 'a', 'x', 1, 1, false), ('2', 'Budi', 'b', 'x', 2, 1, true);
    INSERT INTO public.mst_upt (nama_organisasi, pimpinan, province_id) VALUES ('UPT', 'P', 11);
    INSERT INTO public.mst_penyuluh (pegawai_id, upt_id, province_id) VALUES (1, 1, 11), (2, 1, 11);
    INSERT INTO public.mst_kelompok_nelayan (nib_kelompok, no_registrasi, nama_kelompok, nik_ketua, nama_ketua, upt_id,
      province_id, penyuluh_id, created_at, tahun_berdiri)
      SELECT n, n, CASE WHEN n <= 45 THEN 'Mina ' ELSE 'Laut ' END || n, n, 'K', 1, 11, 1, '2025-01-01', n % 3
      FROM generate_series(1, 50) n;
    INSERT INTO public.mst_jenis_bantuan (kode_jenis_bantuan, nama_jenis_bantuan, kategori) VALUES ('A', 'Alat', 'x');
    INSERT INTO public.trx_bantuan (no_bantuan, jenis_bantuan_id, kelompok_nelayan_id, penyuluh_id, tanggal_penyaluran,
      jumlah, satuan, nilai_bantuan, tahun_anggaran)
      SELECT 'B' || n, 1, n, 1, '2025-01-01', n % 2, 'x', 0, 2025 FROM generate_series(1, 50) n;
    """

  private static func bench(_ name: String) async throws -> ServiceBench {
    let bench = try await ServiceBench("fault_\(name)")
    try bench.session.execute(rows)
    return bench
  }

  @Test("the count of a search knows the joined names") func countWithJoins() async throws {
    let bench = try await Self.bench("joins")
    for (count, limit) in [(Bahari_V1_ListRequest.Count.exact, 10), (.estimated, 100)] {
      let page = try await bench.ids("Bantuan") { ($0.search, $0.count, $0.limit) = ("mina", count, Int32(limit)) }
      #expect(page.pagination.total == 45)
    }
    #expect(try await bench.ids("Penyuluh") { $0.search = "ani" }.pagination.total == 1)
    #expect(try await bench.ids("Bantuan") { ($0.search, $0.limit) = ("laut", 1) }.pagination.total == 5)
    #expect(try await bench.ids("Bantuan") { $0.search = "alat" }.pagination.total == 50)
    await bench.close()
  }

  @Test("rows that sort alike still have one order") func tieBreak() async throws {
    let bench = try await Self.bench("ties")
    for entity in ["KelompokNelayan", "Bantuan"] {
      var seen: [Int64] = []
      for page in 1...5 {
        seen += try await bench.ids(entity) { $0.page = Int32(page) }.ids
        // A row that is written again moves to the end of its table.
        try bench.session.execute("UPDATE public.mst_kelompok_nelayan SET alamat = 'x' WHERE id = \(page * 7)")
        try bench.session.execute("UPDATE public.trx_bantuan SET keterangan = 'x' WHERE id = \(page * 7)")
      }
      #expect(seen == (1...50).reversed().map { Int64($0) }, "\(entity)")
    }
    await bench.close()
  }

  @Test("wildcards in a search stand for themselves") func wildcards() async throws {
    let bench = try await Self.bench("wildcards")
    func found(_ text: String) async throws -> [Int64] { try await bench.ids("Organisasi") { $0.search = text }.ids }
    #expect(try await found("%") == [1])
    #expect(try await found("_") == [1])
    #expect(try await found("a_b") == [1])
    #expect(try await found("\\") == [1])
    #expect(try await found("b\\c") == [1])
    #expect(try await found("0%") == [1])
    #expect(try await found("0") == [1, 2])
    #expect(try await found("%%") == [])
    #expect(try await bench.ids("Bantuan") { $0.search = "m%na" }.ids == [], "in joined names too")
    await bench.close()
  }

  @Test("a filter for 0, false or nothing is one") func falsyFilters() async throws {
    let bench = try await Self.bench("falsy")
    func found(_ entity: String, _ column: String, _ value: String) async throws -> Int64 {
      try await bench.ids(entity) {
        $0.filter = .with { ($0.field, $0.operator, $0.values) = (column, "eq", [value]) }
      }.pagination.total
    }
    #expect(try await found("KelompokNelayan", "tahun_berdiri", "0") == 16)
    #expect(try await found("Bantuan", "jumlah", "0") == 25)
    #expect(try await found("Pegawai", "status_aktif", "false") == 1)
    #expect(try await found("Organisasi", "level_organisasi", "0") == 1)
    #expect(try await found("Organisasi", "level_organisasi", "") == 0)
    #expect(try await found("Bantuan", "id", "0") == 0)
    await bench.close()
  }

  @Test("no rows a page is refused, whatever the table") func limitZero() async throws {
    let bench = try await Self.bench("limit")
    for entity in ["Organisasi", "Bantuan", "KelompokNelayan"] {
      for limit: Int32 in [0, -1, 101, .min] {
        let status = await #expect(throws: Status.self) { _ = try await bench.ids(entity) { $0.limit = limit } }
        #expect(status?.code == .invalidArgument && status?.violations.map(\.field) == ["limit"])
      }
    }
    let empty = try await bench.ids("Kapal") { _ in }
    #expect(empty.pagination.total == 0 && empty.pagination.totalPages == 0 && empty.next == nil)
    await bench.close()
  }
}
