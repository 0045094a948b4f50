import BahariCatalog
import BahariClient
import BahariMessage
import BahariPostgres
import SwiftProtobuf
import TestSupport
import Testing

@testable import BahariService

/// Every table of the catalog, with a row in each.
@Suite("Catalog", .ownDatabases) struct CatalogTests {
  @Test("resources, tables and entities are named once") func names() {
    let tables = Catalog.tables
    #expect(tables.count == 22)
    for names in [tables.map(\.name), tables.map(\.entity), tables.map(\.resource)] {
      #expect(Set(names).count == tables.count)
    }
  }

  /// The rows of a reply, as the server's own reader takes them.
  private func rows(
    _ bench: ServiceBench, _ message: some SwiftProtobuf.Message, _ table: Table, _ method: BahariService.Method
  ) async throws -> [BahariMessage.Message] {
    let bytes = try await bench.bytes(message, table.entity, method)
    let type = try #require(table.serviceDescriptor?.method(method.name)?.output)
    let reply = try bytes.withUnsafeBytes { try BahariMessage.Message($0, as: type) }
    let data = try #require(type.field("data"))
    return data.isRepeated ? reply.messages(data) : reply.message(data).map { [$0] } ?? []
  }

  @Test("every table: a row is got, listed and exported, with all its joined names") func reads() async throws {
    let bench = try await ServiceBench("catalog_reads")
    try bench.session.execute(OneRowEach.sql)
    for table in Catalog.tables {
      let id = Int64(try bench.value("SELECT min(id) FROM public.\(table.name)") ?? "") ?? 0
      let requests: [(any SwiftProtobuf.Message, BahariService.Method)] = [
        (Bahari_V1_GetRequest.with { $0.id = id }, .get), (Bahari_V1_ListRequest(), .list),
        (Bahari_V1_ListRequest(), .export),
      ]
      for (request, method) in requests {
        let row = try #require(try await rows(bench, request, table, method).first, "\(table.name) \(method.name)")
        let missing = (table.joinsByDefault ? table.joined : []).filter { joined in
          row.descriptor.field(joined.field).map { !row.has($0) } ?? true
        }
        #expect(missing.map(\.field) == [], "\(table.name) \(method.name)")
        #expect(try row.has(#require(row.descriptor.field("version"))))
      }
    }
    await bench.close()
  }

  /// The first column of each index of a kind, as table.column.
  private func indexed(_ session: Session, _ condition: String) throws -> Set<String> {
    let found = try session.query(
      """
      SELECT t.relname || '.' || a.attname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
      JOIN pg_class t ON t.oid = x.indrelid JOIN pg_am m ON m.oid = i.relam
      JOIN pg_opclass o ON o.oid = x.indclass[0]
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
      WHERE t.relnamespace = 'public'::regnamespace AND \(condition)
      """)
    return Set((0..<found.count).compactMap { found.string($0, 0) })
  }

  @Test("every column that a search looks in has a trigram index, also in other tables") func searches() async throws {
    let session = try await MigratedDatabase.make("catalog_searches").session()
    let schema = try LiveSchema(session)
    let wanted = Catalog.tables.flatMap { table in
      table.search.map { name in
        guard let joined = table.joined.first(where: { $0.field == name }) else { return "\(table.name).\(name)" }
        let end = joined.path.reduce(table.name) { schema.tables[$0]?.foreignKey(of: $1)?.target ?? "" }
        return "\(end).\(joined.column)"
      }
    }
    #expect(try indexed(session, "o.opcname = 'gin_trgm_ops'") == Set(wanted))
  }

  @Test("a list's default order, where it descends, is an index's") func orders() async throws {
    let session = try await MigratedDatabase.make("catalog_orders").session()
    let schema = try LiveSchema(session)
    for table in Catalog.tables where table.order.first?.hasPrefix("-") ?? false {
      let terms = (table.order + ["-id"]).map { term in
        let name = String(term.dropFirst())
        let isNullable = schema.tables[table.name]?.columns.first { $0.name == name }?.isNullable ?? false
        return "\(name) DESC\(isNullable ? " NULLS LAST" : "")"
      }
      let found = try session.query(
        "SELECT 1 FROM pg_indexes WHERE schemaname = 'public' AND tablename = $1 AND indexdef LIKE '%(' || $2 || ')'",
        [table.name, terms.joined(separator: ", ")])
      #expect(found.count == 1, "\(table.name): \(terms)")
    }
  }

  @Test(
    "every column that callers filter by begins an index",
    arguments: [
      "mst_provinsi": [], "mst_kabupaten": ["province_id"], "mst_kecamatan": ["regency_id"],
      "mst_desa": ["district_id"], "mst_upt": ["province_id"], "mst_role": ["level_role"],
      "mst_organisasi": ["level_organisasi"], "mst_pegawai": ["organisasi_id", "role_id", "status_aktif"],
      "mst_penyuluh": ["upt_id", "province_id", "status_aktif"],
      "mst_kelompok_nelayan": [
        "upt_id", "province_id", "penyuluh_id", "gabungan_kelompok_id", "jenis_usaha_id", "status_kelompok",
      ],
      "mst_jenis_usaha": ["kategori", "status_aktif"], "mst_komoditas": ["kategori", "status_aktif"],
      "mst_alat_tangkap": ["jenis", "status_aktif"], "mst_jenis_bantuan": ["kategori", "status_aktif"],
      "mst_jenis_pelatihan": ["kategori", "status_aktif"], "mst_jenis_sertifikasi": ["kategori", "status_aktif"],
      "mst_kapal": ["kelompok_nelayan_id", "status_kapal"], "trx_absensi": ["nip", "date", "status"],
      "trx_produksi_hasil_tangkapan": ["kelompok_nelayan_id", "kapal_id", "komoditas_id", "tanggal_produksi"],
      "trx_bantuan": ["kelompok_nelayan_id", "status_penyaluran", "tahun_anggaran", "tanggal_penyaluran"],
      "trx_pelatihan": ["status_pelatihan", "tanggal_mulai"],
      "trx_sertifikasi": ["kelompok_nelayan_id", "status_sertifikat", "tanggal_kadaluarsa"],
    ])
  func filters(_ table: String, _ columns: [String]) async throws {
    let session = try await MigratedDatabase.make("catalog_filters_\(table)").session()
    #expect(try indexed(session, "m.amname = 'btree'").isSuperset(of: columns.map { "\(table).\($0)" }))
  }
}

/// A row in every table, each referring to those before.
enum OneRowEach {
  static let sql = """
    INSERT INTO public.mst_kecamatan (id, regency_id, name) VALUES (110101, 1101, 'Teupah');
    INSERT INTO public.mst_desa (id, district_id, name) VALUES (1101012001, 110101, 'Latiung');
    INSERT INTO public.mst_upt (nama_organisasi, pimpinan, province_id) VALUES ('BPPP', 'Ani', 11);
    INSERT INTO public.mst_organisasi (level_organisasi, kode_organisasi, nama_organisasi) VALUES ('Pusat', 'P1', 'KKP');
    INSERT INTO public.mst_role (level_role, nama_role) VALUES ('1', 'Admin');
    INSERT INTO public.mst_pegawai (nip, nama, email, jabatan, organisasi_id, role_id)
      VALUES ('00001', 'Budi', 'budi@contoh.id', 'Penyuluh', 1, 1);
    INSERT INTO public.mst_penyuluh (pegawai_id, upt_id, province_id) VALUES (1, 1, 11);
    INSERT INTO public.mst_jenis_usaha (kode_jenis_usaha, nama_jenis_usaha, kategori) VALUES ('JU1', 'Laut', 'Tangkap');
    INSERT INTO public.mst_kelompok_nelayan (nib_kelompok, no_registrasi, nama_kelompok, nik_ketua, nama_ketua, upt_id,
      province_id, penyuluh_id, jenis_usaha_id) VALUES ('N1', 'R1', 'Bahari Jaya', 'K1', 'Citra', 1, 11, 1, 1);
    INSERT INTO public.mst_kapal (kelompok_nelayan_id, no_registrasi_kapal, nama_kapal, jenis_kapal)
      VALUES (1, 'K1', 'Samudra', 'Motor');
    INSERT INTO public.mst_komoditas (kode_komoditas, nama_komoditas, kategori, satuan)
      VALUES ('KOM1', 'Tuna', 'Ikan', 'kg');
    INSERT INTO public.mst_alat_tangkap (kode_alat_tangkap, nama_alat_tangkap, jenis) VALUES ('AT1', 'Bubu', 'Perangkap');
    INSERT INTO public.mst_jenis_bantuan (kode_jenis_bantuan, nama_jenis_bantuan, kategori) VALUES ('B1', 'Jala', 'Alat');
    INSERT INTO public.mst_jenis_pelatihan (kode_jenis_pelatihan, nama_jenis_pelatihan, kategori)
      VALUES ('P1', 'Navigasi', 'Teknis');
    INSERT INTO public.mst_jenis_sertifikasi (kode_jenis_sertifikasi, nama_jenis_sertifikasi, kategori,
      lembaga_penerbit) VALUES ('S1', 'Halal', 'Produk', 'MUI');
    INSERT INTO public.trx_absensi (date, nip, checkin, ci_latitude, ci_longitude)
      VALUES ('2026-01-02', '00001', '2026-01-02 01:00', 5.5, 95.3);
    INSERT INTO public.trx_produksi_hasil_tangkapan (kelompok_nelayan_id, kapal_id, tanggal_produksi, komoditas_id,
      alat_tangkap_id, jumlah_produksi, satuan) VALUES (1, 1, '2026-01-02', 1, 1, 10, 'kg');
    INSERT INTO public.trx_bantuan (no_bantuan, jenis_bantuan_id, kelompok_nelayan_id, penyuluh_id, tanggal_penyaluran,
      jumlah, satuan, nilai_bantuan, tahun_anggaran) VALUES ('B1', 1, 1, 1, '2026-01-02', 1, 'unit', 100, 2026);
    INSERT INTO public.trx_pelatihan (no_pelatihan, jenis_pelatihan_id, nama_pelatihan, penyelenggara, penyuluh_id,
      tanggal_mulai, tanggal_selesai, lokasi, target_peserta)
      VALUES ('P1', 1, 'Navigasi 1', 'BPPP', 1, '2026-01-02', '2026-01-03', 'Sabang', 20);
    INSERT INTO public.trx_sertifikasi (no_sertifikat, jenis_sertifikasi_id, kelompok_nelayan_id, penyuluh_id,
      tanggal_terbit, tanggal_berlaku, tanggal_kadaluarsa, lembaga_penerbit)
      VALUES ('S1', 1, 1, 1, '2026-01-02', '2026-01-02', '2028-01-02', 'MUI')
    """
}
