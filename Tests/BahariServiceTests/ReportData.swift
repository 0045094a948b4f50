import BahariClient
import BahariFrame
import BahariMessage
import SwiftProtobuf
import TestSupport
import Testing

@testable import BahariService

extension ServiceBench {
  /// The reply of a report, by the name that people have for it; the status of a failure is thrown.
  func report<Reply: SwiftProtobuf.Message>(
    _ message: some SwiftProtobuf.Message, _ name: String
  ) async throws -> Reply {
    let bound = try #require(reports.first { $0.report.name == name })
    let running = try await start(try message.serializedBytes(), bound.report.service, bound.report.method)
    return try Reply(serializedBytes: try await running.reply())
  }
}

/// A small fishery whose sums are worked out by hand.
enum ReportData {
  static let sql = """
    INSERT INTO public.mst_upt VALUES (1, 'UPT', 'Pimpinan', 11);
    INSERT INTO public.mst_organisasi (id, level_organisasi, kode_organisasi, nama_organisasi)
      VALUES (1, 'Pusat', 'A', 'Dinas A'), (2, 'Pusat', 'B', 'Dinas B');
    INSERT INTO public.mst_role (id, level_role, nama_role) VALUES (1, 'a', 'a');
    INSERT INTO public.mst_pegawai (id, nip, nama, email, jabatan, organisasi_id, role_id) VALUES
      (1, '001', 'Ani', 'a@x', 'j', 1, 1), (2, '002', 'Budi', 'b@x', 'j', 2, 1);
    INSERT INTO public.mst_penyuluh (id, pegawai_id, upt_id, province_id) VALUES (1, 1, 1, 11), (2, 2, 1, 12);
    INSERT INTO public.mst_kelompok_nelayan
      (id, nib_kelompok, no_registrasi, nama_kelompok, nik_ketua, nama_ketua, upt_id, province_id, penyuluh_id) VALUES
      (1, 'n1', 'r1', 'Bahagia', '1', 'K', 1, 11, 1), (2, 'n2', 'r2', 'Cahaya', '2', 'K', 1, 12, 2),
      (3, 'n3', 'r3', 'Damai', '3', 'K', 1, 12, 2);
    INSERT INTO public.mst_kapal (id, kelompok_nelayan_id, no_registrasi_kapal, nama_kapal, jenis_kapal) VALUES
      (1, 1, 'k1', 'Zebra', 'Motor'), (2, 1, 'k2', 'Angsa', 'Motor'), (3, 2, 'k3', 'Lain', 'Motor');
    INSERT INTO public.mst_komoditas (id, kode_komoditas, nama_komoditas, kategori, satuan) VALUES
      (1, 'T', 'Tuna', 'Ikan', 'kg'), (2, 'L', 'Lobster', 'Udang', 'ekor');
    INSERT INTO public.trx_produksi_hasil_tangkapan
      (kelompok_nelayan_id, tanggal_produksi, komoditas_id, jumlah_produksi, satuan, harga_jual, total_nilai) VALUES
      (1, '2026-01-01', 1, 100, 'kg', 30, 3000), (1, '2026-01-31', 1, 1.5, ' Ton', 20000, NULL),
      (1, '2026-01-15', 1, 400, 'Kg', NULL, NULL), (1, '2026-02-01', 1, 7, 'kg', NULL, 700),
      (1, '2026-01-20', 2, 12, 'ekor', 1000, 12000), (1, '2026-01-21', 2, 3, 'kg', 5, 15),
      (2, '2026-01-10', 1, 50, 'kg', 10, 500), (1, '2025-12-31', 1, 9, 'kg', 1, 9), (1, '2025-01-15', 1, 8, 'kg', 1, 8);
    """

  static let aid = """
    INSERT INTO public.mst_jenis_bantuan (id, kode_jenis_bantuan, nama_jenis_bantuan, kategori) VALUES
      (1, 'M', 'Mesin', 'Alat'), (2, 'J', 'Jaring', 'Alat');
    INSERT INTO public.trx_bantuan
      (no_bantuan, jenis_bantuan_id, kelompok_nelayan_id, penyuluh_id, tanggal_penyaluran, jumlah, satuan,
       nilai_bantuan, sumber_dana, tahun_anggaran, status_penyaluran) VALUES
      ('b1', 1, 1, 1, '2026-01-01', 1, 'unit', 100, 'APBN', 2026, 'Disalurkan'),
      ('b2', 2, 1, 1, '2026-02-01', 1, 'unit', 50.5, NULL, 2026, 'Selesai'),
      ('b3', 1, 2, 2, '2026-03-01', 1, 'unit', 70, 'APBD', 2026, 'Disalurkan'),
      ('b4', 1, 2, 2, '2026-04-01', 1, 'unit', 30, 'APBN', 2026, 'Direncanakan'),
      ('b5', 1, 3, 2, '2026-05-01', 1, 'unit', 10, 'APBN', 2026, 'Direncanakan'),
      ('b6', 1, 3, 2, '2025-05-01', 1, 'unit', 20, 'APBN', 2025, 'Selesai');
    INSERT INTO public.mst_jenis_sertifikasi (id, kode_jenis_sertifikasi, nama_jenis_sertifikasi, kategori, lembaga_penerbit)
      VALUES (1, 'H', 'Halal', 'Produk', 'MUI');
    INSERT INTO public.trx_sertifikasi
      (id, no_sertifikat, jenis_sertifikasi_id, kelompok_nelayan_id, tanggal_terbit, tanggal_berlaku,
       tanggal_kadaluarsa, lembaga_penerbit, status_sertifikat) VALUES
      (1, 's1', 1, 1, '2024-01-01', '2024-01-01', '2026-02-28', 'MUI', 'Aktif'),
      (2, 's2', 1, 2, '2024-01-01', '2024-01-01', '2026-03-01', 'MUI', 'Aktif'),
      (3, 's3', 1, 1, '2024-02-01', '2024-02-01', '2026-03-31', 'MUI', 'Aktif'),
      (4, 's4', 1, 1, '2024-01-01', '2024-01-01', '2026-04-01', 'MUI', 'Aktif'),
      (5, 's5', 1, 1, '2024-01-01', '2024-01-01', '2026-03-15', 'MUI', 'Dicabut');
    """

  static let days = """
    INSERT INTO public.mst_jenis_pelatihan (id, kode_jenis_pelatihan, nama_jenis_pelatihan, kategori)
      VALUES (1, 'P', 'Olah', 'Teknis');
    INSERT INTO public.trx_pelatihan
      (id, no_pelatihan, jenis_pelatihan_id, nama_pelatihan, penyelenggara, penyuluh_id, tanggal_mulai,
       tanggal_selesai, lokasi, target_peserta, status_pelatihan) VALUES
      (1, 'p1', 1, 'Satu', 'D', 1, '2026-03-01', '2026-03-05', 'X', 10, 'Direncanakan'),
      (2, 'p2', 1, 'Dua', 'D', 1, '2026-03-05', '2026-03-06', 'X', 10, 'Direncanakan'),
      (3, 'p3', 1, 'Tiga', 'D', 1, '2026-03-07', '2026-03-08', 'X', 10, 'Direncanakan'),
      (4, 'p4', 1, 'Empat', 'D', 2, '2026-03-02', '2026-03-03', 'X', 10, 'Direncanakan'),
      (5, 'p5', 1, 'Lima', 'D', 1, '2026-03-02', '2026-03-02', 'X', 10, 'Dibatalkan'),
      (6, 'p6', 1, 'Enam', 'D', 1, '2026-02-20', '2026-03-01', 'X', 10, 'Selesai'),
      (7, 'p7', 1, 'Tujuh', 'D', NULL, '2026-03-02', '2026-03-03', 'X', 10, 'Direncanakan');
    INSERT INTO public.trx_absensi
      (date, nip, checkin, ci_latitude, ci_longitude, checkout, working_hours, status, total_overtime) VALUES
      ('2026-02-01', '001', '2026-02-01 01:00', 0, 0, '2026-02-01 09:06', 8.10, 'Tepat Waktu', 0),
      ('2026-02-02', '001', '2026-02-02 01:00', 0, 0, '2026-02-02 10:00', 9.00, 'Lembur', 0.75),
      ('2026-02-27', '001', '2026-02-27 01:00', 0, 0, '2026-02-27 05:00', 4.00, 'Pulang Sebelum Waktunya', 0),
      ('2026-02-27', '001', '2026-02-27 06:00', 0, 0, '2026-02-27 07:00', 1.00, 'Pulang Sebelum Waktunya', 0),
      ('2026-02-28', '001', '2026-02-28 01:00', 0, 0, NULL, NULL, 'Masih Berjalan', 0),
      ('2026-03-01', '001', '2026-03-01 01:00', 0, 0, '2026-03-01 09:00', 8.00, 'Tepat Waktu', 0),
      ('2026-01-31', '002', '2026-01-31 01:00', 0, 0, '2026-01-31 09:00', 8.00, 'Tepat Waktu', 0),
      ('2026-02-03', '002', '2026-02-03 01:00', 0, 0, NULL, NULL, 'Masih Berjalan', NULL);
    """
}
