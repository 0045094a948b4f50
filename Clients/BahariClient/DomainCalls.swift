import SwiftProtobuf

// Methods of single tables, beyond the seven that all tables have. Their requests are described in `Proto/bahari/v1`.

extension Resource where Row == Bahari_V1_Desa {
  /// Lists rows as `list` does, with the names of district, regency and province in each.
  public func listWithRelations(
    _ request: ListRequest = ListRequest(), timeout: Duration? = nil
  ) async throws -> Page<Row> {
    try await page("ListWithRelations", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_KelompokNelayan {
  /// Returns a group with its officer, vessels, catches of a year, aid and certificates.
  ///
  /// - Parameter date: the last day of the year of catches, as YYYY-MM-DD; today (UTC) when nil.
  /// - Throws: `notFound` if the group does not exist.
  public func profile(
    _ id: some BinaryInteger, date: String? = nil, timeout: Duration? = nil
  ) async throws -> Bahari_V1_KelompokNelayanProfileReply {
    let request = Bahari_V1_KelompokNelayanProfileRequest.with {
      $0.id = Int32(clamping: id)
      if let date { $0.date = date }
    }
    let bytes = try await call("Profile", request, timeout, .read)
    return try decoded(bytes, from: "\(service)/Profile", .read)
  }
}

extension Resource where Row == Bahari_V1_Absensi {
  /// Begins an employee's day. A request without a request id gets a random one.
  ///
  /// - Throws: `alreadyExists` if the employee has checked in on that day.
  public func checkIn(_ request: Bahari_V1_CheckInRequest, timeout: Duration? = nil) async throws -> Reply<Row> {
    var request = request
    request.requestID = RequestID.orNew(request.requestID)
    return try await write("CheckIn", try request.serializedBytes(), timeout)
  }

  /// Ends an employee's day. A request without a request id gets a random one.
  ///
  /// - Throws: `failedPrecondition` if the day has a check-out already.
  public func checkOut(_ request: Bahari_V1_CheckOutRequest, timeout: Duration? = nil) async throws -> Reply<Row> {
    var request = request
    request.requestID = RequestID.orNew(request.requestID)
    return try await write("CheckOut", try request.serializedBytes(), timeout)
  }
}

// MARK: Reports

// A report returns at most 1,000 rows, and a warning if there are more; see `Proto/bahari/v1/laporan.proto`.

extension Resource where Row == Bahari_V1_ProduksiHasilTangkapan {
  /// Sums the catches between two days by any of commodity, month, province and group.
  public func report(
    _ request: Bahari_V1_ProduksiReportRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_ProduksiReportRow> {
    try await page("Report", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Bantuan {
  /// Sums aid by any of budget year, status, type and source.
  public func report(
    _ request: Bahari_V1_BantuanReportRequest = .init(), timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_BantuanReportRow> {
    try await page("Report", request, timeout)
  }

  /// Lists groups that received aid twice or more in a budget year, or never.
  public func coverage(
    _ request: Bahari_V1_BantuanCoverageRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_BantuanCoverageRow> {
    try await page("Coverage", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Pelatihan {
  /// Lists training on any day between two days, with other training of the same officer at the same time.
  public func schedule(
    _ request: Bahari_V1_PelatihanScheduleRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_PelatihanScheduleRow> {
    try await page("Schedule", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Sertifikasi {
  /// Lists certificates in force that expire within some days after a day.
  public func expiring(
    _ request: Bahari_V1_SertifikasiExpiringRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_SertifikasiExpiringRow> {
    try await page("Expiring", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Absensi {
  /// Sums the attendance of a month, one row per employee who checked in.
  public func recap(
    _ request: Bahari_V1_AbsensiRecapRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_AbsensiRecapRow> {
    try await page("Recap", request, timeout)
  }
}
