enum Version3 {
  /// The indexes that lists need and the design lacks. A migrated database gets them in phase 8, a new one by
  /// `SchemaVersions.migrate`.
  ///
  /// The columns are written out rather than taken from the tables' literals, so that an applied version never changes.
  /// A test compares them with the literals.
  static let additions = SchemaVersion(
    number: 3, name: "additions", extensions: [.trigrams],
    statements: searched.flatMap(trigramIndexes) + defaultOrders.map(orderIndex) + filtered.flatMap(plainIndexes))

  /// The columns in which searches look for substrings, for lists of their own table or of one that refers to it.
  /// Substrings need trigram indexes.
  private static let searched: KeyValuePairs<String, [String]> = [
    "mst_provinsi": ["name", "alt_name"],
    "mst_kabupaten": ["name", "alt_name"],
    "mst_kecamatan": ["name", "alt_name"],
    "mst_desa": ["name", "alt_name"],
    "mst_upt": ["nama_organisasi", "pimpinan"],
    "mst_organisasi": ["nama_organisasi", "kode_organisasi", "level_organisasi"],
    "mst_role": ["nama_role"],
    "mst_pegawai": ["nip", "nama", "email", "jabatan"],
    "mst_penyuluh": ["program_prioritas"],
    "mst_kelompok_nelayan": ["nib_kelompok", "no_registrasi", "nama_kelompok", "nik_ketua", "nama_ketua"],
    "mst_kapal": ["no_registrasi_kapal", "nama_kapal"],
    "mst_jenis_usaha": ["kode_jenis_usaha", "nama_jenis_usaha"],
    "mst_komoditas": ["kode_komoditas", "nama_komoditas"],
    "mst_alat_tangkap": ["kode_alat_tangkap", "nama_alat_tangkap"],
    "mst_jenis_bantuan": ["kode_jenis_bantuan", "nama_jenis_bantuan"],
    "mst_jenis_pelatihan": ["kode_jenis_pelatihan", "nama_jenis_pelatihan"],
    "mst_jenis_sertifikasi": ["kode_jenis_sertifikasi", "nama_jenis_sertifikasi"],
    "trx_absensi": ["nip"],
    "trx_bantuan": ["no_bantuan"],
    "trx_pelatihan": ["no_pelatihan", "nama_pelatihan"],
    "trx_sertifikasi": ["no_sertifikat"],
  ]

  /// The newest rows first; rows without `created_at` come last.
  private static let newestFirst = ["created_at DESC NULLS LAST", "id DESC"]

  /// The order of each table's list if the request names none, as ORDER BY writes it: PostgreSQL could not use an index
  /// with other directions.
  private static let defaultOrders: KeyValuePairs<String, [String]> = [
    "mst_kecamatan": ["name", "id"],
    "mst_desa": ["name", "id"],
    "mst_pegawai": newestFirst,
    "mst_penyuluh": newestFirst,
    "mst_kelompok_nelayan": newestFirst,
    "mst_kapal": newestFirst,
    "mst_jenis_usaha": newestFirst,
    "mst_komoditas": newestFirst,
    "mst_alat_tangkap": newestFirst,
    "mst_jenis_bantuan": newestFirst,
    "mst_jenis_pelatihan": newestFirst,
    "mst_jenis_sertifikasi": newestFirst,
    "trx_absensi": ["date DESC", "checkin DESC", "id DESC"],
    "trx_produksi_hasil_tangkapan": ["tanggal_produksi DESC", "id DESC"],
    "trx_bantuan": ["tanggal_penyaluran DESC", "id DESC"],
    "trx_pelatihan": ["tanggal_mulai DESC", "id DESC"],
    "trx_sertifikasi": ["tanggal_terbit DESC", "id DESC"],
  ]

  /// Columns with a foreign key or a filter with which no index of the design begins.
  private static let filtered: KeyValuePairs<String, [String]> = [
    "mst_upt": ["province_id"],
    "mst_organisasi": ["level_organisasi"],
    "mst_role": ["level_role"],
    "mst_pegawai": ["organisasi_id", "role_id", "status_aktif"],
    "mst_penyuluh": ["pegawai_id", "upt_id", "province_id", "status_aktif"],
    "mst_kelompok_nelayan": [
      "upt_id", "province_id", "penyuluh_id", "gabungan_kelompok_id", "jenis_usaha_id", "status_kelompok",
    ],
    "mst_jenis_usaha": ["status_aktif"],
    "mst_komoditas": ["status_aktif"],
    "mst_alat_tangkap": ["status_aktif"],
    "mst_jenis_bantuan": ["status_aktif"],
    "mst_jenis_pelatihan": ["status_aktif"],
    "mst_jenis_sertifikasi": ["status_aktif"],
    "trx_absensi": ["status"],
    "trx_produksi_hasil_tangkapan": ["kapal_id", "alat_tangkap_id"],
    "trx_bantuan": ["jenis_bantuan_id", "penyuluh_id"],
    "trx_pelatihan": ["jenis_pelatihan_id", "penyuluh_id"],
    "trx_sertifikasi": ["jenis_sertifikasi_id", "penyuluh_id"],
  ]

  private static func trigramIndexes(_ table: String, _ columns: [String]) -> [String] {
    columns.map { "CREATE INDEX idx_\(table)_\($0)_trgm ON public.\(table) USING gin (\($0) gin_trgm_ops)" }
  }

  private static func orderIndex(_ table: String, _ terms: [String]) -> String {
    let first = terms[0].prefix { $0 != " " }
    return "CREATE INDEX idx_\(table)_\(first)_id ON public.\(table) (\(terms.joined(separator: ", ")))"
  }

  private static func plainIndexes(_ table: String, _ columns: [String]) -> [String] {
    columns.map { "CREATE INDEX idx_\(table)_\($0) ON public.\(table) (\($0))" }
  }
}
