// To add a table: one line here. Its row message names the service; the rest is `Resource`.

extension BahariClient {
  /// Provinces.
  public var provinsi: Resource<Bahari_V1_Provinsi> { Resource(self) }
  /// Regencies and cities.
  public var kabupaten: Resource<Bahari_V1_Kabupaten> { Resource(self) }
  /// Districts.
  public var kecamatan: Resource<Bahari_V1_Kecamatan> { Resource(self) }
  /// Villages.
  public var desa: Resource<Bahari_V1_Desa> { Resource(self) }
}

extension Resource where Row == Bahari_V1_Desa {
  /// As `list`, with the names of district, regency and province in each row.
  public func listWithRelations(
    _ request: ListRequest = ListRequest(), timeout: Duration? = nil
  ) async throws -> Page<Row> {
    try await page("ListWithRelations", request, timeout)
  }
}
