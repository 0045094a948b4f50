import BahariClient

// Clients/README.md shows what follows.
let client = BahariClient()  // BAHARI_SOCKET, else the usual place
do {
  let province = try await client.provinsi.get(11)
  print(province.id, province.name)
  for try await regency in client.kabupaten.pages(.where(.field("province_id", .eq, province.id))).rows {
    print(regency.id, regency.name)
  }
} catch let error as BahariError where error.code == .notFound {
  print("there is no province 11")
}
