/// The columns that the design's phase 4 adds to legacy tables.
package enum NewColumns {
  /// The names and types of the new columns in the design's order, by the tables' new names.
  static let tables: KeyValuePairs<String, KeyValuePairs<String, String>> = [
    "mst_pegawai": [
      "no_hp": "varchar(20)",
      "alamat": "text",
      "foto_url": "varchar(500)",
      "tanggal_lahir": "date",
      "jenis_kelamin": "varchar(1)",
      "pendidikan_terakhir": "varchar(100)",
      "tanggal_bergabung": "date",
    ],
    "mst_penyuluh": [
      "wilayah_binaan": "text",
      "spesialisasi": "varchar(255)",
    ],
    "mst_kelompok_nelayan": [
      "jenis_usaha_id": "integer",
      "alamat": "text",
      "no_hp_ketua": "varchar(20)",
      "tahun_berdiri": "integer",
      "status_kelompok": "varchar(50)",
      "luas_lahan": "numeric(10,2)",
      "koordinat_latitude": "numeric(10,8)",
      "koordinat_longitude": "numeric(11,8)",
    ],
    "trx_absensi": [
      "keterangan": "text",
      "foto_checkout_url": "varchar(500)",
      "foto_checkout_id": "varchar(255)",
    ],
  ]

  /// The names of the new columns, by the tables' new names.
  package static let names: [String: [String]] = Dictionary(
    uniqueKeysWithValues: tables.map { ($0.key, $0.value.map(\.key)) })
}
