/// Tables of technical units (UPT), organisations, roles, employees (pegawai) and extension officers (penyuluh).
extension Table {
  static let upt = Table(
    name: "mst_upt", entity: "Upt", oldPath: "/api/master/unit-pelaksanaan-teknis",
    search: ["nama_organisasi", "pimpinan"],
    joined: [Joined("wilayah", through: ["province_id"], "name")])

  static let organisasi = Table(
    name: "mst_organisasi", entity: "Organisasi", oldPath: "/api/master/organisasi",
    search: ["nama_organisasi", "kode_organisasi", "level_organisasi"])

  static let role = Table(name: "mst_role", entity: "Role", oldPath: "/api/master/roles", search: ["nama_role"])

  static let pegawai = Table(
    name: "mst_pegawai", entity: "Pegawai",
    search: ["nip", "nama", "email", "jabatan"], order: ["-created_at"], naturalKey: "nip",
    joined: [
      Joined("organisasi_nama", through: ["organisasi_id"], "nama_organisasi"),
      Joined("organisasi_kode", through: ["organisasi_id"], "kode_organisasi"),
      Joined("organisasi_level", through: ["organisasi_id"], "level_organisasi"),
      Joined("role_nama", through: ["role_id"], "nama_role"),
      Joined("level_role", through: ["role_id"], "level_role"),
    ],
    invariants: [.oneOf("jenis_kelamin", ["L", "P"])],
    hints: [.nip("nip"), .phone("no_hp")])

  static let penyuluh = Table(
    name: "mst_penyuluh", entity: "Penyuluh",
    search: ["penyuluh_nip", "penyuluh_nama", "program_prioritas"], order: ["-created_at"],
    rules: ColumnRule.atLeast(0, "jumlah_kelompok"),
    joined: [
      Joined("penyuluh_nip", through: ["pegawai_id"], "nip"),
      Joined("penyuluh_nama", through: ["pegawai_id"], "nama"),
      Joined("upt_nama", through: ["upt_id"], "nama_organisasi"),
      Joined("province_name", through: ["province_id"], "name"),
    ],
    // `wilayah_binaan` has ids of districts, with six digits, and of villages, with ten.
    invariants: [.idsExist("wilayah_binaan", in: [6: "mst_kecamatan", 10: "mst_desa"])],
    hints: [
      .usually("spesialisasi", ["Budidaya", "Tangkap", "Pengolahan"]), .agrees(["upt_id"], on: "province_id"),
    ])
}
