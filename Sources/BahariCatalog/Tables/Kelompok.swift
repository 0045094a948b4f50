/// Tables of groups of fishers (kelompok nelayan) and their vessels (kapal).
extension Table {
  static let kelompokNelayan = Table(
    name: "mst_kelompok_nelayan", entity: "KelompokNelayan",
    search: ["nib_kelompok", "no_registrasi", "nama_kelompok", "nik_ketua", "nama_ketua"],
    order: ["-created_at"], naturalKey: "no_registrasi",
    rules: ColumnRule.atLeast(1, "jumlah_anggota") + ColumnRule.atLeast(0, "luas_lahan", "tahun_berdiri"),
    position: Position("koordinat_latitude", "koordinat_longitude"),
    joined: [
      Joined("upt_nama", through: ["upt_id"], "nama_organisasi"),
      Joined("upt_pimpinan", through: ["upt_id"], "pimpinan"),
      Joined("province_name", through: ["province_id"], "name"),
      Joined("penyuluh_nama", through: ["penyuluh_id", "pegawai_id"], "nama"),
      Joined("jenis_usaha_nama", through: ["jenis_usaha_id"], "nama_jenis_usaha"),
    ],
    invariants: [
      .oneOf("status_kelompok", ["Aktif", "Tidak Aktif", "Pembinaan"]), .acyclic("gabungan_kelompok_id"),
    ],
    hints: [
      .digits("nib_kelompok", 13), .nik("nik_ketua"), .phone("no_hp_ketua"), .between("jumlah_anggota", 10...25),
      .agrees(["upt_id", "penyuluh_id"], on: "province_id"),
    ])

  static let kapal = Table(
    name: "mst_kapal", entity: "Kapal",
    search: ["no_registrasi_kapal", "nama_kapal"], order: ["-created_at"], naturalKey: "no_registrasi_kapal",
    rules: ColumnRule.atLeast(0, "ukuran_gt", "ukuran_panjang", "ukuran_lebar", "mesin_pk", "tahun_pembuatan"),
    joined: [Joined("kelompok_nelayan_nama", through: ["kelompok_nelayan_id"], "nama_kelompok")],
    invariants: [.oneOf("status_kapal", ["Aktif", "Tidak Aktif", "Perbaikan"])],
    hints: [.usually("jenis_kapal", ["Motor", "Perahu", "Kapal Besar"])])
}
