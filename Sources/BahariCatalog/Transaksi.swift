/// What happens: attendance, catches, aid, training, certificates.
extension Table {
  static let absensi = Table(
    name: "trx_absensi", entity: "Absensi",
    search: ["pegawai_nama", "nip"], order: ["-date", "-checkin"],
    rules: [
      .latitude("ci_latitude"), .longitude("ci_longitude"), .latitude("co_latitude"), .longitude("co_longitude"),
    ],
    joined: [Joined("pegawai_nama", through: ["nip"], "nama")])

  static let produksiHasilTangkapan = Table(
    name: "trx_produksi_hasil_tangkapan", entity: "ProduksiHasilTangkapan",
    search: ["kelompok_nelayan_nama", "komoditas_nama"], order: ["-tanggal_produksi"],
    position: Position("koordinat_latitude", "koordinat_longitude"),
    joined: [
      Joined("kelompok_nelayan_nama", through: ["kelompok_nelayan_id"], "nama_kelompok"),
      Joined("kapal_nama", through: ["kapal_id"], "nama_kapal"),
      Joined("komoditas_nama", through: ["komoditas_id"], "nama_komoditas"),
      Joined("alat_tangkap_nama", through: ["alat_tangkap_id"], "nama_alat_tangkap"),
    ])

  static let bantuan = Table(
    name: "trx_bantuan", entity: "Bantuan",
    search: ["no_bantuan", "kelompok_nelayan_nama", "jenis_bantuan_nama"], order: ["-tanggal_penyaluran"],
    naturalKey: "no_bantuan",
    joined: [
      Joined("jenis_bantuan_nama", through: ["jenis_bantuan_id"], "nama_jenis_bantuan"),
      Joined("kelompok_nelayan_nama", through: ["kelompok_nelayan_id"], "nama_kelompok"),
      Joined("penyuluh_nama", through: ["penyuluh_id", "pegawai_id"], "nama"),
    ])

  static let pelatihan = Table(
    name: "trx_pelatihan", entity: "Pelatihan",
    search: ["no_pelatihan", "nama_pelatihan", "jenis_pelatihan_nama"], order: ["-tanggal_mulai"],
    naturalKey: "no_pelatihan",
    joined: [
      Joined("jenis_pelatihan_nama", through: ["jenis_pelatihan_id"], "nama_jenis_pelatihan"),
      Joined("penyuluh_nama", through: ["penyuluh_id", "pegawai_id"], "nama"),
    ])

  static let sertifikasi = Table(
    name: "trx_sertifikasi", entity: "Sertifikasi",
    search: ["no_sertifikat", "kelompok_nelayan_nama", "jenis_sertifikasi_nama"], order: ["-tanggal_terbit"],
    naturalKey: "no_sertifikat",
    joined: [
      Joined("jenis_sertifikasi_nama", through: ["jenis_sertifikasi_id"], "nama_jenis_sertifikasi"),
      Joined("kelompok_nelayan_nama", through: ["kelompok_nelayan_id"], "nama_kelompok"),
      Joined("penyuluh_nama", through: ["penyuluh_id", "pegawai_id"], "nama"),
    ])
}
