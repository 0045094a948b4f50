/// Transaction tables: attendance, catches, aid, training and certificates.
extension Table {
  /// The attendance table. `attendance` has the rules for status, working hours and overtime.
  static func absensi(_ attendance: Attendance) -> Table {
    Table(
      name: "trx_absensi", entity: "Absensi",
      search: ["pegawai_nama", "nip"], order: ["-date", "-checkin"],
      rules: [
        .latitude("ci_latitude"), .longitude("ci_longitude"), .latitude("co_latitude"), .longitude("co_longitude"),
      ] + ColumnRule.atLeast(0, "working_hours", "total_overtime"),
      joined: [Joined("pegawai_nama", through: ["nip"], "nama")],
      invariants: [.ordered(["checkin", "checkout"]), .oneRowPer(["nip", "date"])],
      derived: attendance.derived)
  }

  static let produksiHasilTangkapan = Table(
    name: "trx_produksi_hasil_tangkapan", entity: "ProduksiHasilTangkapan",
    search: ["kelompok_nelayan_nama", "komoditas_nama"], order: ["-tanggal_produksi"],
    rules: ColumnRule.atLeast(0, "jumlah_produksi", "harga_jual", "total_nilai"),
    position: Position("koordinat_latitude", "koordinat_longitude"),
    joined: [
      Joined("kelompok_nelayan_nama", through: ["kelompok_nelayan_id"], "nama_kelompok"),
      Joined("kapal_nama", through: ["kapal_id"], "nama_kapal"),
      Joined("komoditas_nama", through: ["komoditas_id"], "nama_komoditas"),
      Joined("alat_tangkap_nama", through: ["alat_tangkap_id"], "nama_alat_tangkap"),
    ],
    invariants: [.agrees("kapal_id", on: "kelompok_nelayan_id")],
    derived: [
      Derived(
        "total_nilai", from: ["jumlah_produksi", "harga_jual"], "round({jumlah_produksi} * {harga_jual}, 2)")
    ],
    hints: [
      .between("koordinat_latitude", -15...10), .between("koordinat_longitude", 90...142),
      .usually("satuan", ["kg", "ton", "ekor"]),
    ])

  static let bantuan = Table(
    name: "trx_bantuan", entity: "Bantuan",
    search: ["no_bantuan", "kelompok_nelayan_nama", "jenis_bantuan_nama"], order: ["-tanggal_penyaluran"],
    naturalKey: "no_bantuan", rules: ColumnRule.atLeast(0, "jumlah", "nilai_bantuan", "tahun_anggaran"),
    joined: [
      Joined("jenis_bantuan_nama", through: ["jenis_bantuan_id"], "nama_jenis_bantuan"),
      Joined("kelompok_nelayan_nama", through: ["kelompok_nelayan_id"], "nama_kelompok"),
      Joined("penyuluh_nama", through: ["penyuluh_id", "pegawai_id"], "nama"),
    ],
    invariants: [
      .flow(
        "status_penyaluran", ["Direncanakan": ["Disalurkan"], "Disalurkan": ["Selesai"], "Selesai": []]),
      .ordered(["tanggal_penyaluran", "tanggal_selesai"]),
    ],
    hints: [.usually("sumber_dana", ["APBN", "APBD", "Swasta"])])

  static let pelatihan = Table(
    name: "trx_pelatihan", entity: "Pelatihan",
    search: ["no_pelatihan", "nama_pelatihan", "jenis_pelatihan_nama"], order: ["-tanggal_mulai"],
    naturalKey: "no_pelatihan", rules: ColumnRule.atLeast(0, "jumlah_peserta", "target_peserta", "biaya"),
    joined: [
      Joined("jenis_pelatihan_nama", through: ["jenis_pelatihan_id"], "nama_jenis_pelatihan"),
      Joined("penyuluh_nama", through: ["penyuluh_id", "pegawai_id"], "nama"),
    ],
    invariants: [
      .flow(
        "status_pelatihan",
        [
          "Direncanakan": ["Berlangsung", "Dibatalkan"], "Berlangsung": ["Selesai", "Dibatalkan"], "Selesai": [],
          "Dibatalkan": [],
        ]),
      .ordered(["tanggal_mulai", "tanggal_selesai"]),
      .idsExist("peserta_kelompok", in: [0: "mst_kelompok_nelayan"]),
    ],
    hints: [.usually("sumber_dana", ["APBN", "APBD", "Swasta"])])

  static let sertifikasi = Table(
    name: "trx_sertifikasi", entity: "Sertifikasi",
    search: ["no_sertifikat", "kelompok_nelayan_nama", "jenis_sertifikasi_nama"], order: ["-tanggal_terbit"],
    naturalKey: "no_sertifikat",
    joined: [
      Joined("jenis_sertifikasi_nama", through: ["jenis_sertifikasi_id"], "nama_jenis_sertifikasi"),
      Joined("kelompok_nelayan_nama", through: ["kelompok_nelayan_id"], "nama_kelompok"),
      Joined("penyuluh_nama", through: ["penyuluh_id", "pegawai_id"], "nama"),
    ],
    invariants: [
      .flow("status_sertifikat", ["Aktif": ["Kadaluarsa", "Dicabut"], "Kadaluarsa": [], "Dicabut": []]),
      .ordered(["tanggal_terbit", "tanggal_berlaku", "tanggal_kadaluarsa"]),
    ])
}
