import SwiftProtobuf

// Methods that only some tables have, besides the seven that all tables have. `Proto/bahari/v1` describes their
// requests.

extension Resource where Row == Bahari_V1_Desa {
  /// Lists villages as `list` does; each row also has the names of its district, regency and province.
  public func listWithRelations(
    _ request: ListRequest = ListRequest(), timeout: Duration? = nil
  ) async throws -> Page<Row> {
    try await page("ListWithRelations", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_KelompokNelayan {
  /// Returns a group of fishers with its extension officer, vessels, one year's catches, aid and certificates.
  ///
  /// - Parameter date: the last day of the year whose catches are returned, as YYYY-MM-DD; today (UTC) if nil.
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
  /// Adds an employee's attendance on one day, with the check-in. Sets a random request id if the request has none.
  ///
  /// - Throws: `alreadyExists` if the employee has checked in on that day.
  public func checkIn(_ request: Bahari_V1_CheckInRequest, timeout: Duration? = nil) async throws -> Reply<Row> {
    var request = request
    request.requestID = RequestID.orNew(request.requestID)
    return try await write("CheckIn", try request.serializedBytes(), timeout)
  }

  /// Adds the check-out to an employee's attendance on one day. Sets a random request id if the request has none.
  ///
  /// - Throws: `failedPrecondition` if the employee has already checked out on that day.
  public func checkOut(_ request: Bahari_V1_CheckOutRequest, timeout: Duration? = nil) async throws -> Reply<Row> {
    var request = request
    request.requestID = RequestID.orNew(request.requestID)
    return try await write("CheckOut", try request.serializedBytes(), timeout)
  }
}

// MARK: Reports

// A report's reply has at most 1,000 rows, and a warning if there are more; see `Proto/bahari/v1/laporan.proto`.

extension Resource where Row == Bahari_V1_ProduksiHasilTangkapan {
  /// Returns sums of the catches between two days, grouped by any of commodity, month, province and group of fishers.
  public func report(
    _ request: Bahari_V1_ProduksiReportRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_ProduksiReportRow> {
    try await page("Report", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Bantuan {
  /// Returns sums of aid, grouped by any of budget year, status, kind of aid and source of funds.
  public func report(
    _ request: Bahari_V1_BantuanReportRequest = .init(), timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_BantuanReportRow> {
    try await page("Report", request, timeout)
  }

  /// Lists the groups of fishers that received aid in a budget year twice or more, or those that received none.
  public func coverage(
    _ request: Bahari_V1_BantuanCoverageRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_BantuanCoverageRow> {
    try await page("Coverage", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Pelatihan {
  /// Lists the training courses between two days, each with the ids of the same officer's other courses on the same
  /// days.
  public func schedule(
    _ request: Bahari_V1_PelatihanScheduleRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_PelatihanScheduleRow> {
    try await page("Schedule", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Sertifikasi {
  /// Lists the certificates in force that expire within a number of days after a given day.
  public func expiring(
    _ request: Bahari_V1_SertifikasiExpiringRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_SertifikasiExpiringRow> {
    try await page("Expiring", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Absensi {
  /// Returns sums of a month's attendance, one row for each employee who checked in.
  public func recap(
    _ request: Bahari_V1_AbsensiRecapRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_AbsensiRecapRow> {
    try await page("Recap", request, timeout)
  }
}
