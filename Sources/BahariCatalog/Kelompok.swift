/// Groups of fishers, and their vessels.
extension Table {
  static let kelompokNelayan = Table(
    name: "mst_kelompok_nelayan", entity: "KelompokNelayan",
    search: ["nib_kelompok", "no_registrasi", "nama_kelompok", "nik_ketua", "nama_ketua"],
    order: ["-created_at"], naturalKey: "no_registrasi",
    position: Position("koordinat_latitude", "koordinat_longitude"),
    joined: [
      Joined("upt_nama", through: ["upt_id"], "nama_organisasi"),
      Joined("upt_pimpinan", through: ["upt_id"], "pimpinan"),
      Joined("province_name", through: ["province_id"], "name"),
      Joined("penyuluh_nama", through: ["penyuluh_id", "pegawai_id"], "nama"),
      Joined("jenis_usaha_nama", through: ["jenis_usaha_id"], "nama_jenis_usaha"),
    ])

  static let kapal = Table(
    name: "mst_kapal", entity: "Kapal",
    search: ["no_registrasi_kapal", "nama_kapal"], order: ["-created_at"], naturalKey: "no_registrasi_kapal",
    joined: [Joined("kelompok_nelayan_nama", through: ["kelompok_nelayan_id"], "nama_kelompok")])
}
