@testable import BahariService

/// An endpoint of the old service, and the call that has taken its place.
struct Endpoint: Sendable, CustomStringConvertible {
  enum Kind: Sendable {
    case list, search, get, create, update, delete
    case checkIn, checkOut
    case byParent(String)
    case byColumn(String)
    case withRelations(search: Bool)
  }

  /// As callers of the old service wrote it.
  let old: String
  let table: String
  let kind: Kind

  var description: String { old }

  var method: BahariService.Method {
    switch kind {
    case .list, .search, .byParent: .list
    case .withRelations: .listWithRelations
    case .get, .byColumn: .get
    case .create: .create
    case .update: .update
    case .delete: .delete
    case .checkIn: .checkIn
    case .checkOut: .checkOut
    }
  }

  private static func reads(_ path: String, _ table: String) -> [Endpoint] {
    [
      Endpoint(old: "GET \(path)", table: table, kind: .list),
      Endpoint(old: "GET \(path)/:id", table: table, kind: .get),
    ]
  }

  private static func region(_ path: String, _ table: String) -> [Endpoint] {
    reads("/api/master/\(path)", table)
      + [Endpoint(old: "GET /api/master/\(path)/search?q=", table: table, kind: .search)]
  }

  private static func changes(_ path: String, _ table: String) -> [Endpoint] {
    [
      Endpoint(old: "PUT \(path)/:id", table: table, kind: .update),
      Endpoint(old: "DELETE \(path)/:id", table: table, kind: .delete),
    ]
  }

  private static func crud(_ path: String, _ table: String) -> [Endpoint] {
    reads(path, table) + changes(path, table) + [Endpoint(old: "POST \(path)", table: table, kind: .create)]
  }

  private static let regions: [Endpoint] =
    region("provinces", "mst_provinsi") + region("regencies", "mst_kabupaten") + region("districts", "mst_kecamatan")
    + region("villages", "mst_desa") + [
      Endpoint(
        old: "GET /api/master/regencies/province/:id", table: "mst_kabupaten", kind: .byParent("province_id")),
      Endpoint(
        old: "GET /api/master/districts/regency/:id", table: "mst_kecamatan", kind: .byParent("regency_id")),
      Endpoint(old: "GET /api/master/villages/district/:id", table: "mst_desa", kind: .byParent("district_id")),
      Endpoint(
        old: "GET /api/master/villages/with-relations", table: "mst_desa", kind: .withRelations(search: false)),
      Endpoint(
        old: "GET /api/master/villages/with-relations/search", table: "mst_desa", kind: .withRelations(search: true)),
    ]

  private static let people: [Endpoint] =
    crud("/api/master/roles", "mst_role") + crud("/api/master/organisasi", "mst_organisasi")
    + crud("/api/master/unit-pelaksanaan-teknis", "mst_upt") + crud("/pegawai", "mst_pegawai")
    + [Endpoint(old: "GET /pegawai/email/:email", table: "mst_pegawai", kind: .byColumn("email"))]
    + crud("/penyuluh", "mst_penyuluh") + crud("/kelompok-nelayan", "mst_kelompok_nelayan")
    + reads("/absensi", "trx_absensi") + changes("/absensi", "trx_absensi") + [
      Endpoint(old: "POST /absensi/checkin", table: "trx_absensi", kind: .checkIn),
      Endpoint(old: "POST /absensi/:id/checkout", table: "trx_absensi", kind: .checkOut),
    ]

  private static let masters: [Endpoint] =
    crud("/jenis-usaha", "mst_jenis_usaha") + crud("/komoditas", "mst_komoditas")
    + crud("/alat-tangkap", "mst_alat_tangkap") + crud("/kapal", "mst_kapal")
    + crud("/jenis-bantuan", "mst_jenis_bantuan") + crud("/jenis-pelatihan", "mst_jenis_pelatihan")
    + crud("/jenis-sertifikasi", "mst_jenis_sertifikasi")

  private static let transactions: [Endpoint] =
    crud("/produksi-hasil-tangkapan", "trx_produksi_hasil_tangkapan") + crud("/bantuan", "trx_bantuan")
    + crud("/pelatihan", "trx_pelatihan") + crud("/sertifikasi", "trx_sertifikasi")

  /// The contract's table of old endpoints.
  static let all: [Endpoint] = regions + people + masters + transactions

  /// The request of today, about `row`.
  func request(_ subject: Subject, _ row: Fields) async throws -> Fields {
    let id = row["id"] ?? []
    switch kind {
    case .list, .withRelations(search: false): return [:]
    case .search, .withRelations(search: true): return ["search": row["name"] ?? []]
    case .byParent(let column):
      let value: Item = .text(String(row.number(column) ?? 0))
      return ["filter": [.message(["field": [.text(column)], "operator": [.text("eq")], "values": [value]])]]
    case .byColumn(let column): return ["column": [.text(column)], "value": row[column] ?? []]
    case .get, .delete: return ["id": id]
    case .create: return ["data": [.message(try await subject.maker.row(subject.resource, 3))]]
    case .checkIn:
      return try await subject.maker.row(subject.resource, 3).only(["nip", "date", "ci_latitude", "ci_longitude"])
    case .checkOut:
      // A row with a check-out takes no second one.
      let request = subject.request(row.number("id") ?? 0, [:], mask: ["checkout"])
      _ = try await subject.call(.update, request)
      return row.only(["id", "checkout"])
    case .update:
      let change = try await subject.maker.row(subject.resource, 3).only(subject.changeable)
      return ["data": [.message(change.merging(["id": id]) { $1 })]]
    }
  }
}
