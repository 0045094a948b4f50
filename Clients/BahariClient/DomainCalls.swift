import SwiftProtobuf

// What single tables can do beyond the seven methods of all; the requests say in their comments what they take.

extension Resource where Row == Bahari_V1_Desa {
  /// As `list`, with the names of district, regency and province in each row.
  public func listWithRelations(
    _ request: ListRequest = ListRequest(), timeout: Duration? = nil
  ) async throws -> Page<Row> {
    try await page("ListWithRelations", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_KelompokNelayan {
  /// All there is about one group: its officer, vessels, catches of a year, aid and certificates.
  ///
  /// - Parameter date: the last day of the year of catches, as YYYY-MM-DD; today (UTC) when nil.
  /// - Throws: `notFound` when there is no such group.
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
  /// Begins an employee's day. A request id is made where the request has none.
  ///
  /// - Throws: `alreadyExists` when the employee has checked in on that day.
  public func checkIn(_ request: Bahari_V1_CheckInRequest, timeout: Duration? = nil) async throws -> Reply<Row> {
    var request = request
    request.requestID = RequestID.orNew(request.requestID)
    return try await write("CheckIn", try request.serializedBytes(), timeout)
  }

  /// Ends an employee's day. A request id is made where the request has none.
  ///
  /// - Throws: `failedPrecondition` when the day has its end already.
  public func checkOut(_ request: Bahari_V1_CheckOutRequest, timeout: Duration? = nil) async throws -> Reply<Row> {
    var request = request
    request.requestID = RequestID.orNew(request.requestID)
    return try await write("CheckOut", try request.serializedBytes(), timeout)
  }
}

// MARK: Reports

// At most 1,000 rows each, and a warning where there are more; see `bahari/v1/laporan.proto`.

extension Resource where Row == Bahari_V1_ProduksiHasilTangkapan {
  /// What was caught between two days, by any of commodity, month, province and group.
  public func report(
    _ request: Bahari_V1_ProduksiReportRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_ProduksiReportRow> {
    try await page("Report", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Bantuan {
  /// Aid, by any of budget year, status, type and source.
  public func report(
    _ request: Bahari_V1_BantuanReportRequest = .init(), timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_BantuanReportRow> {
    try await page("Report", request, timeout)
  }

  /// Groups that a budget year served twice or more, or never.
  public func coverage(
    _ request: Bahari_V1_BantuanCoverageRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_BantuanCoverageRow> {
    try await page("Coverage", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Pelatihan {
  /// Training on any day of a span, and what clashes with it.
  public func schedule(
    _ request: Bahari_V1_PelatihanScheduleRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_PelatihanScheduleRow> {
    try await page("Schedule", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Sertifikasi {
  /// Certificates in force that expire soon after a day.
  public func expiring(
    _ request: Bahari_V1_SertifikasiExpiringRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_SertifikasiExpiringRow> {
    try await page("Expiring", request, timeout)
  }
}

extension Resource where Row == Bahari_V1_Absensi {
  /// The attendance of a month, one row per employee who was there.
  public func recap(
    _ request: Bahari_V1_AbsensiRecapRequest, timeout: Duration? = nil
  ) async throws -> Page<Bahari_V1_AbsensiRecapRow> {
    try await page("Recap", request, timeout)
  }
}
