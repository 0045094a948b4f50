/// Tables filled to the scale of the country, by statements alone: the planner's decisions depend on it.
enum PlanData {
  static let sql = [regions, references, people, groups, transactions].joined()

  /// A word of eight letters and digits, the same for the same expression and almost unique.
  private static func word(_ expression: String) -> String { "substr(md5((\(expression))::text), 1, 8)" }

  private static let regions = """
    INSERT INTO public.mst_provinsi (id, name) SELECT n, 'Provinsi ' || n FROM generate_series(20, 57) n;
    INSERT INTO public.mst_kabupaten (id, province_id, name)
      SELECT 2000 + n, 20 + n % 38, 'Kabupaten ' || \(word("n")) FROM generate_series(1, 514) n;
    INSERT INTO public.mst_kecamatan (id, regency_id, name)
      SELECT 200000 + n, 2001 + n % 514, 'Kecamatan ' || \(word("n")) FROM generate_series(1, 7277) n;
    INSERT INTO public.mst_desa (id, district_id, name, latitude, longitude)
      SELECT 2000000000 + n, 200001 + n % 7277,
        CASE WHEN n % 5 = 0 THEN 'Sukamaju' ELSE 'Desa ' || \(word("n")) END, -6.0 + n % 1000 / 100.0, 95 + n % 4500 / 100.0
      FROM generate_series(1, 83467) n;
    """

  private static let references =
    [
      ("jenis_usaha", "kategori", "", ""), ("komoditas", "kategori", ", satuan", ", 'kg'"),
      ("alat_tangkap", "jenis", "", ""), ("jenis_bantuan", "kategori", "", ""),
      ("jenis_pelatihan", "kategori", "", ""),
      ("jenis_sertifikasi", "kategori", ", lembaga_penerbit", ", 'KKP'"),
    ].map { table, category, columns, values in
      """
      INSERT INTO public.mst_\(table) (kode_\(table), nama_\(table), \(category), status_aktif\(columns))
        SELECT 'K' || n, 'Nama ' || \(word("n")), 'Kategori ' || n % 4, n % 10 > 0\(values) FROM generate_series(1, 200) n;
      """
    }.joined()

  private static let people = """
    INSERT INTO public.mst_organisasi (level_organisasi, kode_organisasi, nama_organisasi)
      SELECT 'Level ' || n % 4, 'O' || n, 'Organisasi ' || \(word("n")) FROM generate_series(1, 200) n;
    INSERT INTO public.mst_role (level_role, nama_role) SELECT n::text, 'Role ' || n FROM generate_series(1, 20) n;
    INSERT INTO public.mst_upt (nama_organisasi, pimpinan, province_id)
      SELECT 'UPT ' || \(word("n")), 'Pimpinan ' || n, 20 + n % 38 FROM generate_series(1, 300) n;
    INSERT INTO public.mst_pegawai (nip, nama, email, jabatan, organisasi_id, role_id, status_aktif, created_at)
      SELECT (199000000000000000 + n)::text, 'Nama ' || \(word("n")), 'e' || n || '@example.org', 'Jabatan ' || n % 30,
        1 + n % 200, 1 + n % 20, n % 20 > 0, '2025-01-01'::timestamp + n * interval '1 min'
      FROM generate_series(1, 6000) n;
    INSERT INTO public.mst_penyuluh (pegawai_id, upt_id, province_id, program_prioritas, status_aktif, created_at)
      SELECT n, 1 + n % 300, 20 + n % 38, 'Program ' || \(word("n")), n % 20 > 0,
        '2025-01-01'::timestamp + n * interval '1 min'
      FROM generate_series(1, 3000) n;
    """

  private static let groups = """
    INSERT INTO public.mst_kelompok_nelayan (nib_kelompok, no_registrasi, nama_kelompok, nik_ketua, nama_ketua, upt_id,
      province_id, penyuluh_id, gabungan_kelompok_id, jenis_usaha_id, status_kelompok, created_at)
    SELECT 'NIB' || \(word("n")), 'REG' || \(word("n + 1000000")), 'Mina ' || \(word("n + 2000000")),
      (3200000000000000 + n)::text, 'Ketua ' || \(word("n + 3000000")), 1 + n % 300, 20 + n % 38, 1 + n % 3000,
      CASE WHEN n > 100 THEN 1 + n % 100 END, 1 + n % 200, (ARRAY['Aktif', 'Aktif', 'Tidak Aktif', 'Pembinaan'])[1 + n % 4],
      CASE WHEN n % 50 > 0 THEN '2025-01-01'::timestamp + n * interval '1 min' END
    FROM generate_series(1, 4000) n;
    INSERT INTO public.mst_kapal (kelompok_nelayan_id, no_registrasi_kapal, nama_kapal, jenis_kapal, status_kapal, created_at)
    SELECT 1 + n % 4000, 'KPL' || \(word("n")), 'KM ' || \(word("n + 1000000")), 'Motor',
      (ARRAY['Aktif', 'Tidak Aktif', 'Perbaikan'])[1 + n % 3], '2025-01-01'::timestamp + n * interval '1 min'
    FROM generate_series(1, 8000) n;
    """

  private static let transactions = """
    INSERT INTO public.trx_absensi (date, nip, checkin, ci_latitude, ci_longitude, status)
    SELECT '2025-01-01'::date + n / 400, (199000000000000001 + n % 6000)::text,
      '2025-01-01'::timestamp + n / 400 * interval '1 day' + n % 400 * interval '7 s', -6, 106,
      (ARRAY['Tepat Waktu', 'Lembur', 'Pulang Sebelum Waktunya', 'Masih Berjalan'])[1 + n % 4]
    FROM generate_series(1, 100000) n;
    INSERT INTO public.trx_produksi_hasil_tangkapan (kelompok_nelayan_id, kapal_id, tanggal_produksi, komoditas_id,
      alat_tangkap_id, jumlah_produksi, satuan)
    SELECT 1 + n * 7 % 4000, 1 + n % 8000, '2022-01-01'::date + n * 31 % 1500, 1 + n * 3 % 200, 1 + n % 200, n, 'kg'
    FROM generate_series(1, 50000) n;
    INSERT INTO public.trx_bantuan (no_bantuan, jenis_bantuan_id, kelompok_nelayan_id, penyuluh_id, tanggal_penyaluran,
      jumlah, satuan, nilai_bantuan, tahun_anggaran, status_penyaluran)
    SELECT 'BTN' || \(word("n")), 1 + n % 200, 1 + n % 4000, 1 + n % 3000, '2022-01-01'::date + n % 1500, 1, 'unit', n,
      2020 + n % 6, (ARRAY['Direncanakan', 'Disalurkan', 'Selesai'])[1 + n % 3]
    FROM generate_series(1, 10000) n;
    INSERT INTO public.trx_pelatihan (no_pelatihan, jenis_pelatihan_id, nama_pelatihan, penyelenggara, penyuluh_id,
      tanggal_mulai, tanggal_selesai, lokasi, target_peserta, status_pelatihan)
    SELECT 'PLT' || \(word("n")), 1 + n % 200, 'Pelatihan ' || \(word("n + 1000000")), 'KKP', 1 + n % 3000,
      '2022-01-01'::date + n % 1500, '2026-06-01', 'Balai', 20,
      (ARRAY['Direncanakan', 'Berlangsung', 'Selesai', 'Dibatalkan'])[1 + n % 4]
    FROM generate_series(1, 6000) n;
    INSERT INTO public.trx_sertifikasi (no_sertifikat, jenis_sertifikasi_id, kelompok_nelayan_id, penyuluh_id,
      tanggal_terbit, tanggal_berlaku, tanggal_kadaluarsa, lembaga_penerbit, status_sertifikat)
    SELECT 'SRT' || \(word("n")), 1 + n % 200, 1 + n % 4000, 1 + n % 3000, '2022-01-01'::date + n % 1500, '2026-03-01',
      '2026-04-01'::date + n % 1000, 'KKP', (ARRAY['Aktif', 'Kadaluarsa', 'Dicabut'])[1 + n % 3]
    FROM generate_series(1, 10000) n;
    """

  /// domain.md's filters of each table, with a value that some rows have.
  static let filters: KeyValuePairs<String, [(column: String, values: [String])]> = [
    "Kabupaten": [("province_id", ["33"])],
    "Kecamatan": [("regency_id", ["2044"])],
    "Desa": [("district_id", ["200044"])],
    "Upt": [("province_id", ["33"])],
    "Role": [("level_role", ["7"])],
    "Organisasi": [("level_organisasi", ["Level 1"])],
    "Pegawai": [
      ("organisasi_id", ["44"]), ("role_id", ["7"]), ("status_aktif", ["false"]), ("status_aktif", ["true"]),
    ],
    "Penyuluh": [("upt_id", ["44"]), ("province_id", ["33"]), ("status_aktif", ["false"])],
    "KelompokNelayan": [
      ("upt_id", ["44"]), ("province_id", ["33"]), ("penyuluh_id", ["44"]), ("gabungan_kelompok_id", ["44"]),
      ("jenis_usaha_id", ["44"]), ("status_kelompok", ["Pembinaan"]),
    ],
    "JenisUsaha": [("kategori", ["Kategori 1"]), ("status_aktif", ["false"])],
    "Komoditas": [("kategori", ["Kategori 1"]), ("status_aktif", ["false"])],
    "AlatTangkap": [("jenis", ["Kategori 1"]), ("status_aktif", ["false"])],
    "JenisBantuan": [("kategori", ["Kategori 1"]), ("status_aktif", ["false"])],
    "JenisPelatihan": [("kategori", ["Kategori 1"]), ("status_aktif", ["false"])],
    "JenisSertifikasi": [("kategori", ["Kategori 1"]), ("status_aktif", ["false"])],
    "Kapal": [("kelompok_nelayan_id", ["44"]), ("status_kapal", ["Perbaikan"])],
    "Absensi": [
      ("nip", ["199000000000000044"]), ("date", ["2025-03-01", "2025-03-31"]), ("date", ["2025-03-01", "2025-03-01"]),
      ("status", ["Lembur"]),
    ],
    "ProduksiHasilTangkapan": [
      ("kelompok_nelayan_id", ["44"]), ("kapal_id", ["44"]), ("komoditas_id", ["44"]),
      ("tanggal_produksi", ["2025-03-01", "2025-03-31"]),
    ],
    "Bantuan": [
      ("kelompok_nelayan_id", ["44"]), ("status_penyaluran", ["Selesai"]), ("tahun_anggaran", ["2023"]),
      ("tanggal_penyaluran", ["2025-03-01", "2025-03-31"]),
    ],
    "Pelatihan": [("status_pelatihan", ["Berlangsung"]), ("tanggal_mulai", ["2025-03-01", "2025-03-31"])],
    "Sertifikasi": [
      ("kelompok_nelayan_id", ["44"]), ("status_sertifikat", ["Dicabut"]),
      ("tanggal_kadaluarsa", ["2026-11-01", "2026-11-30"]),
    ],
  ]
}
