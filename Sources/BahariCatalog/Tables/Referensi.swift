/// Reference tables: kinds of business, commodities, fishing gear, kinds of aid, training and certificates.
extension Table {
  static let jenisUsaha = Table(
    name: "mst_jenis_usaha", entity: "JenisUsaha",
    search: ["kode_jenis_usaha", "nama_jenis_usaha"], order: ["-created_at"], naturalKey: "kode_jenis_usaha",
    hints: [.usually("kategori", ["Tangkap", "Budidaya", "Pengolahan", "Pemasaran"])])

  static let komoditas = Table(
    name: "mst_komoditas", entity: "Komoditas",
    search: ["kode_komoditas", "nama_komoditas"], order: ["-created_at"], naturalKey: "kode_komoditas",
    rules: ColumnRule.atLeast(0, "harga_pasar_rata"),
    hints: [
      .usually("kategori", ["Ikan", "Udang", "Rumput Laut", "Kerang"]), .usually("satuan", ["kg", "ton", "ekor"]),
    ])

  static let alatTangkap = Table(
    name: "mst_alat_tangkap", entity: "AlatTangkap",
    search: ["kode_alat_tangkap", "nama_alat_tangkap"], order: ["-created_at"], naturalKey: "kode_alat_tangkap",
    invariants: [.idsExist("target_komoditas", in: [0: "mst_komoditas"])],
    hints: [.usually("jenis", ["Jaring", "Pancing", "Perangkap", "Lainnya"])])

  static let jenisBantuan = Table(
    name: "mst_jenis_bantuan", entity: "JenisBantuan",
    search: ["kode_jenis_bantuan", "nama_jenis_bantuan"], order: ["-created_at"], naturalKey: "kode_jenis_bantuan",
    rules: ColumnRule.atLeast(0, "nilai_estimasi"),
    hints: [
      .usually("kategori", ["Alat", "Modal", "Benih", "Pakan", "Infrastruktur"]),
      .usually("satuan", ["unit", "paket", "rupiah"]),
    ])

  static let jenisPelatihan = Table(
    name: "mst_jenis_pelatihan", entity: "JenisPelatihan",
    search: ["kode_jenis_pelatihan", "nama_jenis_pelatihan"], order: ["-created_at"],
    naturalKey: "kode_jenis_pelatihan",
    rules: ColumnRule.atLeast(0, "durasi_hari"),
    hints: [
      .usually("kategori", ["Teknis", "Manajemen", "Pengolahan", "Pemasaran"]),
      .usually("target_peserta", ["Nelayan", "Pembudidaya", "Pengolah", "Semua"]),
    ])

  static let jenisSertifikasi = Table(
    name: "mst_jenis_sertifikasi", entity: "JenisSertifikasi",
    search: ["kode_jenis_sertifikasi", "nama_jenis_sertifikasi"], order: ["-created_at"],
    naturalKey: "kode_jenis_sertifikasi",
    rules: ColumnRule.atLeast(0, "masa_berlaku_tahun"),
    hints: [.usually("kategori", ["Produk", "Kompetensi", "Usaha"])])
}
