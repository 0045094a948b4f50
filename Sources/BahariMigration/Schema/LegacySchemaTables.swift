extension LegacySchema {
  static let regions = [
    LegacyTable(
      "provinces",
      """
      id integer
      name text NOT NULL
      alt_name text
      latitude numeric
      longitude numeric
      """,
      indexes: [LegacyTable.Key(name: "idx_provinces_name_lower", columns: ["name"])]),
    region("regencies", of: "provinces", by: "province", coordinates: "numeric NOT NULL DEFAULT '0'"),
    region("districts", of: "regencies", by: "regency", coordinates: "numeric NOT NULL DEFAULT '0'"),
    region("villages", of: "districts", by: "district", coordinates: "double precision NOT NULL DEFAULT 0"),
  ]

  /// Returns the table of one level of regions, with a foreign key to the table of the level above.
  private static func region(
    _ name: String, of parent: String, by key: String, coordinates: String
  ) -> LegacyTable {
    LegacyTable(
      name,
      """
      id bigint
      \(key)_id bigint NOT NULL
      name text NOT NULL
      alt_name text NOT NULL DEFAULT ''
      latitude \(coordinates)
      longitude \(coordinates)
      """,
      foreignKeys: [LegacyTable.ForeignKey(column: "\(key)_id", target: parent, cascades: true)],
      indexes: [
        LegacyTable.Key(name: "idx_\(name)_\(key)_id", columns: ["\(key)_id"]),
        LegacyTable.Key(name: "idx_\(name)_name_lower", columns: ["name"]),
        LegacyTable.Key(name: "idx_\(name)_\(key)_name", columns: ["\(key)_id", "name"]),
      ])
  }

  static let organisation = [
    LegacyTable(
      "unit_pelaksanaan_teknis",
      """
      id serial
      nama_organisasi varchar(255) NOT NULL
      pimpinan varchar(255) NOT NULL
      province_id integer NOT NULL
      """,
      foreignKeys: [LegacyTable.ForeignKey(column: "province_id", target: "provinces")]),
    LegacyTable(
      "organisasi",
      """
      id serial
      level_organisasi varchar(100) NOT NULL
      kode_organisasi varchar(50) NOT NULL
      nama_organisasi varchar(255) NOT NULL
      keterangan text
      \(times)
      """),
    LegacyTable(
      "roles",
      """
      id serial
      level_role varchar(100) NOT NULL
      nama_role varchar(255) NOT NULL
      keterangan text
      \(times)
      """),
    LegacyTable(
      "pegawai",
      """
      id serial
      nip varchar(50) NOT NULL
      nama varchar(255) NOT NULL
      email varchar(255) NOT NULL
      jabatan varchar(255) NOT NULL
      organisasi_id integer NOT NULL
      role_id integer NOT NULL
      status_aktif boolean NOT NULL DEFAULT true
      last_login timestamp
      \(times)
      """,
      unique: ["nip", "email"],
      foreignKeys: [
        LegacyTable.ForeignKey(column: "organisasi_id", target: "organisasi"),
        LegacyTable.ForeignKey(column: "role_id", target: "roles"),
      ]),
    LegacyTable(
      "penyuluh",
      """
      id serial
      pegawai_id integer NOT NULL
      upt_id integer NOT NULL
      province_id integer NOT NULL
      jumlah_kelompok integer NOT NULL DEFAULT 0
      program_prioritas varchar(255)
      status_aktif boolean NOT NULL DEFAULT true
      \(times)
      """,
      foreignKeys: [
        LegacyTable.ForeignKey(column: "pegawai_id", target: "pegawai"),
        LegacyTable.ForeignKey(column: "upt_id", target: "unit_pelaksanaan_teknis"),
        LegacyTable.ForeignKey(column: "province_id", target: "provinces"),
      ]),
  ]

  static let groups = [
    LegacyTable(
      "kelompok_nelayan",
      """
      id serial
      nib_kelompok varchar(50) NOT NULL
      no_registrasi varchar(50) NOT NULL
      nama_kelompok varchar(255) NOT NULL
      nik_ketua varchar(50) NOT NULL
      nama_ketua varchar(255) NOT NULL
      upt_id integer NOT NULL
      province_id integer NOT NULL
      penyuluh_id integer NOT NULL
      gabungan_kelompok_id integer
      jumlah_anggota integer NOT NULL DEFAULT 1
      \(times)
      """,
      unique: ["nib_kelompok", "no_registrasi"],
      foreignKeys: [
        LegacyTable.ForeignKey(column: "upt_id", target: "unit_pelaksanaan_teknis"),
        LegacyTable.ForeignKey(column: "province_id", target: "provinces"),
        LegacyTable.ForeignKey(column: "penyuluh_id", target: "penyuluh"),
        LegacyTable.ForeignKey(column: "gabungan_kelompok_id", target: "kelompok_nelayan"),
      ]),
    LegacyTable(
      "absensi",
      """
      id serial
      date date NOT NULL
      nip varchar(50) NOT NULL
      checkin timestamp NOT NULL
      ci_latitude numeric(10,8) NOT NULL
      ci_longitude numeric(11,8) NOT NULL
      checkin_photo_url varchar(500)
      checkin_photo_id varchar(255)
      checkout timestamp
      co_latitude numeric(10,8)
      co_longitude numeric(11,8)
      working_hours numeric(5,2)
      status varchar(50)
      total_overtime numeric(5,2) DEFAULT 0
      \(times)
      """,
      foreignKeys: [LegacyTable.ForeignKey(column: "nip", target: "pegawai", targetColumn: "nip")],
      indexes: [
        LegacyTable.Key(name: "idx_absensi_nip", columns: ["nip"]),
        LegacyTable.Key(name: "idx_absensi_date", columns: ["date"]),
        LegacyTable.Key(name: "idx_absensi_nip_date", columns: ["nip", "date"]),
      ]),
  ]

  private static let times = "created_at timestamp DEFAULT now()\nupdated_at timestamp DEFAULT now()"
}
