/// What other tables refer to: kinds of business, commodities, fishing gear, kinds of aid, training and certificates.
extension Table {
  static let jenisUsaha = Table(
    name: "mst_jenis_usaha", entity: "JenisUsaha",
    search: ["kode_jenis_usaha", "nama_jenis_usaha"], order: ["-created_at"], naturalKey: "kode_jenis_usaha")

  static let komoditas = Table(
    name: "mst_komoditas", entity: "Komoditas",
    search: ["kode_komoditas", "nama_komoditas"], order: ["-created_at"], naturalKey: "kode_komoditas")

  static let alatTangkap = Table(
    name: "mst_alat_tangkap", entity: "AlatTangkap",
    search: ["kode_alat_tangkap", "nama_alat_tangkap"], order: ["-created_at"], naturalKey: "kode_alat_tangkap")

  static let jenisBantuan = Table(
    name: "mst_jenis_bantuan", entity: "JenisBantuan",
    search: ["kode_jenis_bantuan", "nama_jenis_bantuan"], order: ["-created_at"], naturalKey: "kode_jenis_bantuan")

  static let jenisPelatihan = Table(
    name: "mst_jenis_pelatihan", entity: "JenisPelatihan",
    search: ["kode_jenis_pelatihan", "nama_jenis_pelatihan"], order: ["-created_at"],
    naturalKey: "kode_jenis_pelatihan")

  static let jenisSertifikasi = Table(
    name: "mst_jenis_sertifikasi", entity: "JenisSertifikasi",
    search: ["kode_jenis_sertifikasi", "nama_jenis_sertifikasi"], order: ["-created_at"],
    naturalKey: "kode_jenis_sertifikasi")
}
