/// Tables of Indonesia's regions: provinces, regencies and cities (kabupaten), districts and villages.
extension Table {
  static let provinsi = Table(
    name: "mst_provinsi", entity: "Provinsi", oldPath: "/api/master/provinces",
    search: ["name", "alt_name"], order: ["name"],
    position: Position("latitude", "longitude"))

  static let kabupaten = Table(
    name: "mst_kabupaten", entity: "Kabupaten", oldPath: "/api/master/regencies",
    search: ["name", "alt_name"], order: ["name"],
    position: Position("latitude", "longitude"))

  static let kecamatan = Table(
    name: "mst_kecamatan", entity: "Kecamatan", oldPath: "/api/master/districts",
    search: ["name", "alt_name"], order: ["name"],
    position: Position("latitude", "longitude"))

  static let desa = Table(
    name: "mst_desa", entity: "Desa", oldPath: "/api/master/villages",
    search: ["name", "alt_name"], order: ["name"],
    position: Position("latitude", "longitude"),
    joined: [
      Joined("district_name", through: ["district_id"], "name"),
      Joined("regency_name", through: ["district_id", "regency_id"], "name"),
      Joined("province_name", through: ["district_id", "regency_id", "province_id"], "name"),
    ],
    joinsByDefault: false)
}
