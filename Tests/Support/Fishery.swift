/// A small fishery on top of `Regions.sql`: every table has rows, and ids count from 1 where they are serial.
package enum Fishery {
  package static let sql = masters + transactions

  /// The first of the employees; an officer, too.
  package static let nip = "198501012010011001"

  /// Whatever transactions refer to. Vessel 15 is one of group 1, vessel 2 is not.
  package static let masters = """
    INSERT INTO public.mst_kecamatan (id, regency_id, name) VALUES (110199, 1101, 'Ujung');
    INSERT INTO public.mst_desa (id, district_id, name, latitude, longitude) VALUES
      (1101012001, 110101, 'Keude Bakongan', 2.93, 97.48), (1101012002, 110101, 'Muara Laut', -0.5, 97.5),
      (1101012003, 110101, 'Ba''u', 2.9, 97.4), (1101990001, 110199, 'Ujung Batu', 2.8, 97.3);
    INSERT INTO public.mst_upt (nama_organisasi, pimpinan, province_id) VALUES ('UPT Barat', 'Umar', 11);
    INSERT INTO public.mst_organisasi (level_organisasi, kode_organisasi, nama_organisasi) VALUES
      ('Pusat', 'KKP', 'Kementerian'), ('Daerah', 'DKP', 'Dinas'), ('Daerah', 'BPP', 'Balai');
    INSERT INTO public.mst_role (level_role, nama_role) VALUES ('1', 'Penyuluh'), ('2', 'Admin');
    INSERT INTO public.mst_pegawai (nip, nama, email, jabatan, organisasi_id, role_id, no_hp) VALUES
      ('198501012010011001', 'Ani', 'ani@example.org', 'Penyuluh', 1, 1, '081200000001'),
      ('198602022011012002', 'Budi', 'budi@example.org', 'Penyuluh', 2, 1, '0812'),
      ('198703032012011003', 'Citra', 'citra@example.org', 'Staf', 3, 2, NULL);
    INSERT INTO public.mst_penyuluh (pegawai_id, upt_id, province_id, spesialisasi) VALUES
      (1, 1, 11, 'Tangkap'), (2, 1, 11, 'Budidaya');
    INSERT INTO public.mst_jenis_usaha (kode_jenis_usaha, nama_jenis_usaha, kategori) VALUES ('T', 'Tangkap', 'Tangkap');
    INSERT INTO public.mst_kelompok_nelayan (nib_kelompok, no_registrasi, nama_kelompok, nik_ketua, nama_ketua, upt_id,
      province_id, penyuluh_id, jenis_usaha_id, jumlah_anggota, status_kelompok, koordinat_latitude, koordinat_longitude)
      SELECT '91200000000' || (10 + n), 'REG-' || n, 'Kelompok ' || n, '11010101010100' || (10 + n), 'Ketua ' || n, 1,
        11, 1 + n % 2, 1, 10 + n, CASE WHEN n % 4 = 0 THEN 'Pembinaan' ELSE 'Aktif' END, -6.0 - n / 100.0, 106.8
      FROM generate_series(1, 15) n;
    INSERT INTO public.mst_kapal (kelompok_nelayan_id, no_registrasi_kapal, nama_kapal, jenis_kapal, ukuran_gt,
      status_kapal) SELECT 1 + n % 15, 'K-' || n, CASE WHEN n = 12 THEN 'Angsa' ELSE 'KM ' || n END, 'Motor',
        CASE WHEN n % 10 = 0 THEN NULL ELSE n * 2 END, CASE n % 5 WHEN 0 THEN 'Perbaikan' WHEN 1 THEN 'Tidak Aktif'
        ELSE 'Aktif' END FROM generate_series(1, 30) n;
    INSERT INTO public.mst_komoditas (kode_komoditas, nama_komoditas, kategori, satuan, harga_pasar_rata) VALUES
      ('TUN', 'Tuna', 'Ikan', 'kg', 45000), ('LOB', 'Lobster', 'Udang', 'ekor', 90000), ('RUM', 'Rumput Laut', 'Rumput',
      'kg', NULL);
    INSERT INTO public.mst_alat_tangkap (kode_alat_tangkap, nama_alat_tangkap, jenis) VALUES ('J', 'Jaring', 'Jaring');
    INSERT INTO public.mst_jenis_bantuan (kode_jenis_bantuan, nama_jenis_bantuan, kategori) VALUES
      ('M', 'Mesin', 'Alat'), ('B', 'Benih', 'Benih');
    INSERT INTO public.mst_jenis_pelatihan (kode_jenis_pelatihan, nama_jenis_pelatihan, kategori) VALUES
      ('S', 'Selam', 'Teknis');
    INSERT INTO public.mst_jenis_sertifikasi (kode_jenis_sertifikasi, nama_jenis_sertifikasi, kategori,
      lembaga_penerbit) VALUES ('C', 'CBIB', 'Mutu', 'KKP');

    """

  package static let transactions = """
    INSERT INTO public.trx_produksi_hasil_tangkapan (kelompok_nelayan_id, kapal_id, tanggal_produksi, komoditas_id,
      jumlah_produksi, satuan, harga_jual, total_nilai)
      SELECT 1 + n % 15, n, date '2026-01-01' + n, 1 + n % 3, n, CASE WHEN n % 3 = 1 THEN 'ekor' ELSE 'kg' END, 1000,
        n * 1000 FROM generate_series(1, 30) n;
    INSERT INTO public.trx_bantuan (no_bantuan, jenis_bantuan_id, kelompok_nelayan_id, penyuluh_id, tanggal_penyaluran,
      jumlah, satuan, nilai_bantuan, sumber_dana, tahun_anggaran, status_penyaluran)
      SELECT 'BT-' || n, 1 + n % 2, 1 + n % 5, 1, date '2026-02-01' + n, 1, 'unit', n * 1000000, 'APBN', 2026,
        CASE WHEN n = 7 THEN 'Disalurkan' ELSE 'Direncanakan' END FROM generate_series(1, 10) n;
    INSERT INTO public.trx_pelatihan (no_pelatihan, jenis_pelatihan_id, nama_pelatihan, penyelenggara, penyuluh_id,
      tanggal_mulai, tanggal_selesai, lokasi, target_peserta, peserta_kelompok) VALUES
      ('PL-1', 1, 'Selam Dasar', 'DKP', 1, '2026-03-02', '2026-03-04', 'Aceh', 20, '[1, 2]'),
      ('PL-2', 1, 'Selam Lanjut', 'DKP', 1, '2026-03-03', '2026-03-05', 'Aceh', 20, NULL);
    INSERT INTO public.trx_sertifikasi (no_sertifikat, jenis_sertifikasi_id, kelompok_nelayan_id, penyuluh_id,
      tanggal_terbit, tanggal_berlaku, tanggal_kadaluarsa, lembaga_penerbit, status_sertifikat)
      SELECT 'ST-' || n, 1, n, 1, '2024-01-01', '2024-01-01', date '2026-03-01' + n * 10, 'KKP',
        CASE WHEN n = 10 THEN 'Dicabut' ELSE 'Aktif' END
      FROM generate_series(1, 10) n;
    INSERT INTO public.trx_absensi (date, nip, checkin, ci_latitude, ci_longitude, checkout, working_hours, status)
      SELECT date '2026-02-01' + n, p.nip, timestamp '2026-02-01 01:00' + n * interval '1 day', -6.1, 106.8,
        timestamp '2026-02-01 09:00' + n * interval '1 day', 8.00, 'Tepat Waktu'
      FROM generate_series(1, 20) n, public.mst_pegawai p WHERE p.nip <> '198703032012011003';
    INSERT INTO public.trx_absensi (date, nip, checkin, ci_latitude, ci_longitude, status) VALUES
      ('2026-03-02', '198501012010011001', '2026-03-02 01:00', -6.1, 106.8, 'Masih Berjalan');
    """
}
