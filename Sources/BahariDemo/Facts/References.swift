/// The rows of the reference tables, copied exactly from the samples in the project's design. The prices of invented
/// catches and the values of invented aid are based on them.
enum References {
  struct Business {
    let id: Int
    let code: String
    let name: String
    let category: String
  }

  struct Commodity {
    let id: Int
    let code: String
    let name: String
    let latin: String
    let category: String
    let unit: String
    /// The market price of one unit, in rupiah.
    let price: Int
  }

  struct Gear {
    let id: Int
    let code: String
    let name: String
    let kind: String
    /// The ids of the commodities that the gear catches.
    let targets: [Int]
  }

  struct Aid {
    let id: Int
    let code: String
    let name: String
    let category: String
    let unit: String
    /// The value of one unit of this aid, in rupiah.
    let value: Int
  }

  struct Training {
    let id: Int
    let code: String
    let name: String
    let category: String
    let days: Int
    let audience: String
  }

  struct Certificate {
    let id: Int
    let code: String
    let name: String
    let category: String
    let authority: String
    let years: Int
  }

  static let businesses = [
    Business(id: 1, code: "JU001", name: "Penangkapan Ikan Laut", category: "Tangkap"),
    Business(id: 2, code: "JU002", name: "Budidaya Ikan Air Tawar", category: "Budidaya"),
    Business(id: 3, code: "JU003", name: "Pengolahan Ikan", category: "Pengolahan"),
    Business(id: 4, code: "JU004", name: "Budidaya Rumput Laut", category: "Budidaya"),
  ]
  static let commodities = [
    Commodity(id: 1, code: "KOM001", name: "Ikan Tuna", latin: "Thunnus", category: "Ikan", unit: "kg", price: 45_000),
    Commodity(
      id: 2, code: "KOM002", name: "Udang Vaname", latin: "Litopenaeus vannamei", category: "Udang", unit: "kg",
      price: 70_000),
    Commodity(
      id: 3, code: "KOM003", name: "Rumput Laut", latin: "Eucheuma cottonii", category: "Rumput Laut", unit: "kg",
      price: 18_000),
  ]
  static let gears = [
    Gear(id: 1, code: "AT001", name: "Jaring Insang", kind: "Jaring", targets: [1, 2]),
    Gear(id: 2, code: "AT002", name: "Pancing Tonda", kind: "Pancing", targets: [1]),
    Gear(id: 3, code: "AT003", name: "Bubu", kind: "Perangkap", targets: [2]),
  ]
  static let aids = [
    Aid(id: 1, code: "BT001", name: "Bantuan Alat Tangkap", category: "Alat", unit: "unit", value: 7_500_000),
    Aid(id: 2, code: "BT002", name: "Bantuan Modal Usaha", category: "Modal", unit: "rupiah", value: 1),
    Aid(id: 3, code: "BT003", name: "Bantuan Benih Ikan", category: "Benih", unit: "paket", value: 2_500_000),
  ]
  static let trainings = [
    Training(
      id: 1, code: "PL001", name: "Pelatihan Budidaya Ikan Nila", category: "Teknis", days: 3, audience: "Pembudidaya"),
    Training(
      id: 2, code: "PL002", name: "Pelatihan Manajemen Kelompok", category: "Manajemen", days: 2, audience: "Semua"),
    Training(
      id: 3, code: "PL003", name: "Pelatihan Pengolahan Ikan", category: "Pengolahan", days: 5, audience: "Pengolah"),
  ]
  static let certificates = [
    Certificate(id: 1, code: "SR001", name: "Sertifikat CBIB", category: "Produk", authority: "KKP", years: 2),
    Certificate(
      id: 2, code: "SR002", name: "Sertifikat Kompetensi Nelayan", category: "Kompetensi", authority: "BNSP", years: 3),
    Certificate(id: 3, code: "SR003", name: "Sertifikat Halal", category: "Produk", authority: "MUI", years: 2),
  ]

  /// Returns a reference table. All reference tables begin and end with the same columns; `own` adds those in between.
  private static func table<Kind>(
    _ kind: String, _ rows: [Kind], _ id: KeyPath<Kind, Int>, _ code: KeyPath<Kind, String>,
    _ name: KeyPath<Kind, String>, _ own: (inout ColumnList<Kind>) -> Void
  ) -> DemoTable {
    DemoTable("mst_\(kind)", of: rows, Dice(seed: 0)) { columns in
      columns.add("id") { row, _ in row[keyPath: id] }
      columns.add("kode_\(kind)") { row, _ in row[keyPath: code] }
      columns.add("nama_\(kind)") { row, _ in row[keyPath: name] }
      own(&columns)
      columns.add("status_aktif") { _, _ in true }
      columns.addTimes { Window.entry($0[keyPath: id], of: rows.count) }
    }
  }

  static var tables: [DemoTable] {
    [
      table("jenis_usaha", businesses, \.id, \.code, \.name) { $0.add("kategori") { row, _ in row.category } },
      table("komoditas", commodities, \.id, \.code, \.name) { columns in
        columns.add("nama_ilmiah") { row, _ in row.latin }
        columns.add("kategori") { row, _ in row.category }
        columns.add("satuan") { row, _ in row.unit }
        columns.add("harga_pasar_rata") { row, _ in row.price }
      },
      table("alat_tangkap", gears, \.id, \.code, \.name) { columns in
        columns.add("jenis") { row, _ in row.kind }
        columns.add("target_komoditas") { row, _ in idArray(row.targets) }
      },
      table("jenis_bantuan", aids, \.id, \.code, \.name) { columns in
        columns.add("kategori") { row, _ in row.category }
        columns.add("satuan") { row, _ in row.unit }
        columns.add("nilai_estimasi") { row, _ in row.value }
      },
      table("jenis_pelatihan", trainings, \.id, \.code, \.name) { columns in
        columns.add("kategori") { row, _ in row.category }
        columns.add("durasi_hari") { row, _ in row.days }
        columns.add("target_peserta") { row, _ in row.audience }
      },
      table("jenis_sertifikasi", certificates, \.id, \.code, \.name) { columns in
        columns.add("kategori") { row, _ in row.category }
        columns.add("lembaga_penerbit") { row, _ in row.authority }
        columns.add("masa_berlaku_tahun") { row, _ in row.years }
      },
    ]
  }
}
