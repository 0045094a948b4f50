import BahariCatalog
import BahariClient

@testable import BahariService

/// A small fishery: two provinces, an officer, two groups with a vessel each, a kind of everything.
enum Fishery {
  static let seed = """
    INSERT INTO public.mst_provinsi VALUES (12, 'Sumatera Utara');
    INSERT INTO public.mst_kecamatan VALUES (110101, 1101, 'Teupah');
    INSERT INTO public.mst_role (level_role, nama_role) VALUES ('1', 'Penyuluh');
    INSERT INTO public.mst_organisasi (level_organisasi, kode_organisasi, nama_organisasi) VALUES ('1', 'D', 'Dinas');
    INSERT INTO public.mst_upt (nama_organisasi, pimpinan, province_id) VALUES ('UPT', 'A', 11);
    INSERT INTO public.mst_pegawai (nip, nama, email, jabatan, organisasi_id, role_id)
      VALUES ('1', 'Siti', 's@x', 'P', 1, 1);
    INSERT INTO public.mst_penyuluh (pegawai_id, upt_id, province_id) VALUES (1, 1, 11);
    INSERT INTO public.mst_kelompok_nelayan
      (nib_kelompok, no_registrasi, nama_kelompok, nik_ketua, nama_ketua, upt_id, province_id, penyuluh_id)
      SELECT n, 'R' || n, 'Kelompok ' || n, n, 'K', 1, 11, 1 FROM generate_series(1, 3) n;
    INSERT INTO public.mst_kapal (kelompok_nelayan_id, no_registrasi_kapal, nama_kapal, jenis_kapal)
      VALUES (1, 'K1', 'Satu', 'Motor'), (2, 'K2', 'Dua', 'Motor');
    INSERT INTO public.mst_komoditas (kode_komoditas, nama_komoditas, kategori, satuan) VALUES ('T', 'Tuna', 'Ikan', 'kg');
    INSERT INTO public.mst_jenis_bantuan (kode_jenis_bantuan, nama_jenis_bantuan, kategori) VALUES ('B', 'B', 'Alat');
    """

  static func bench(_ name: String, _ tables: [Table] = Catalog.tables) async throws -> ServiceBench {
    let bench = try await ServiceBench(name, tables)
    try bench.session.execute(seed)
    return bench
  }

  static func catching(_ kapal: Int32 = 1, harga: String? = "2.55") -> Bahari_V1_CreateProduksiHasilTangkapanRequest {
    .with { request in
      request.data.kelompokNelayanID = 1
      request.data.kapalID = kapal
      (request.data.komoditasID, request.data.tanggalProduksi) = (1, "2026-01-02")
      (request.data.jumlahProduksi, request.data.satuan) = ("10.5", "kg")
      if let harga { request.data.hargaJual = harga }
    }
  }

  static func aid(_ number: String) -> Bahari_V1_CreateBantuanRequest {
    .with { request in
      request.data.noBantuan = number
      (request.data.jenisBantuanID, request.data.kelompokNelayanID, request.data.penyuluhID) = (1, 1, 1)
      (request.data.tanggalPenyaluran, request.data.jumlah, request.data.satuan) = ("2026-03-01", "1", "unit")
      (request.data.nilaiBantuan, request.data.tahunAnggaran) = ("100", 2026)
    }
  }

  static func day(_ nip: String, _ date: String, _ hours: Double?) -> Bahari_V1_CreateAbsensiRequest {
    .with { request in
      (request.data.nip, request.data.date) = (nip, date)
      (request.data.ciLatitude, request.data.ciLongitude) = ("-5", "105")
      request.data.checkin.seconds = 1_767_225_600
      if let hours { request.data.checkout.seconds = 1_767_225_600 + Int64(hours * 3600) }
    }
  }
}
