import BahariCatalog
import BahariClient
import BahariFrame
import BahariPostgres
import SwiftProtobuf
import TestSupport
import Testing

@testable import BahariService

/// Requests that reports refuse, and faults of a report's literal that the daemon finds at start.
@Suite("Report requests", .ownDatabases) struct ReportRequestTests {
  private struct Bad: Sendable {
    let name: String
    let message: any SwiftProtobuf.Message
    let fields: [String]
    var code = "4000001"
  }

  private static let bad: [Bad] = [
    Bad(
      name: "produksi", message: Bahari_V1_ProduksiReportRequest(), fields: ["date_from", "date_to"], code: "4000002"),
    Bad(
      name: "produksi",
      message: Bahari_V1_ProduksiReportRequest.with { ($0.dateFrom, $0.dateTo) = ("2026-02-30", "1 Jan") },
      fields: ["date_from", "date_to"]),
    Bad(
      name: "produksi",
      message: Bahari_V1_ProduksiReportRequest.with { ($0.dateFrom, $0.dateTo) = ("2026-02-02", "2026-02-01") },
      fields: ["date_to"]),
    Bad(
      name: "produksi",
      message: Bahari_V1_ProduksiReportRequest.with {
        ($0.dateFrom, $0.dateTo, $0.groupBy, $0.provinceID) = ("2026-02-01", "2026-02-01", ["bulan", "hari"], -1)
      }, fields: ["group_by[1]", "province_id"]),
    Bad(
      name: "bantuan", message: Bahari_V1_BantuanReportRequest.with { $0.tahunAnggaran = 0 }, fields: ["tahun_anggaran"]
    ),
    Bad(
      name: "cakupan-bantuan", message: Bahari_V1_BantuanCoverageRequest(), fields: ["tahun_anggaran", "served"],
      code: "4000002"),
    Bad(
      name: "sertifikasi",
      message: Bahari_V1_SertifikasiExpiringRequest.with { ($0.date, $0.days) = ("2026-01-01", -1) }, fields: ["days"]),
    Bad(
      name: "pelatihan", message: Bahari_V1_PelatihanScheduleRequest.with { $0.dateFrom = "2026-01-01" },
      fields: ["date_to"], code: "4000002"),
    Bad(name: "absensi", message: Bahari_V1_AbsensiRecapRequest.with { $0.month = "2026-13" }, fields: ["month"]),
    Bad(name: "absensi", message: Bahari_V1_AbsensiRecapRequest.with { $0.month = "2026-01-01" }, fields: ["month"]),
    Bad(
      name: "profil-kelompok", message: Bahari_V1_KelompokNelayanProfileRequest.with { $0.date = "" },
      fields: ["id", "date"], code: "4000002"),
  ]

  @Test("every violation is reported by its field") func refused() async throws {
    let bench = try await ServiceBench("report_refused")
    for bad in Self.bad {
      let status = await #expect(throws: BahariFrame.Status.self) { try await self.run(bad, bench) }
      #expect(status?.violations.map(\.field) == bad.fields, "\(bad.name)")
      #expect(status?.metadata["response_code"] == bad.code && status?.code == .invalidArgument, "\(bad.name)")
    }
    await bench.close()
  }

  private func run(_ bad: Bad, _ bench: ServiceBench) async throws {
    let _: Bahari_V1_ProduksiReportReply = try await bench.report(bad.message, bad.name)
  }

  // MARK: The comparison at the start

  private func differences(_ name: String, _ change: (Report) -> Report) async throws -> [String] {
    let session = try await MigratedDatabase.make("report_\(name)").session()
    let report = change(.expiring)
    let schema = try LiveSchema(session, reports: [report])
    let resources = try Resources(Catalog.tables, try LiveSchema(session))
    var check = ReportCheck(report, schema, resources.all)
    #expect((check.run() == nil) == !check.differences.isEmpty)
    return check.differences
  }

  private func expiring(_ parameters: [ReportParameter]? = nil, _ edit: (String) -> String = { $0 }) -> Report {
    let report = Report.expiring
    guard case .sql(let text) = report.parts[0].source else { return report }
    return Report(
      entity: report.entity, method: report.method, name: report.name, summary: "", message: "",
      parameters: parameters ?? report.parameters, parts: [ReportPart(.sql(edit(text)))])
  }

  @Test("a report that fits has no findings") func fits() async throws {
    #expect(try await differences("fits") { $0 } == [])
  }

  @Test("a literal that does not fit its messages is reported with every name") func literals() async throws {
    let columns = try await differences("columns") { _ in
      expiring {
        $0.replacing("s.no_sertifikat,", with: "s.no_sertifikat AS nomor,").replacing("s.id,", with: "s.id::text,")
      }
    }
    #expect(
      columns == [
        "SertifikasiService/Expiring: bahari.v1.SertifikasiExpiringRow.no_sertifikat is not a column of the statement",
        "SertifikasiService/Expiring: the statement's column id is text, which does not fit the message's int32",
        "SertifikasiService/Expiring: bahari.v1.SertifikasiExpiringRow has no field for the statement's column nomor",
      ])
    let parameters = try await differences("parameters") { _ in
      expiring([
        ReportParameter(field: "date", kind: .date()), ReportParameter(field: "days", kind: .text), .id("upt_id"),
      ]) {
        $0.replacing("$days", with: "$days::int").replacing("$province_id", with: "$prov::int")
      }
    }
    for line in [
      "the report does not define bahari.v1.SertifikasiExpiringRequest.province_id",
      "bahari.v1.SertifikasiExpiringRequest has no field upt_id",
      "bahari.v1.SertifikasiExpiringRequest.days is int32, which does not fit the report",
      "a statement uses $prov, which is not a parameter", "no statement uses $upt_id",
    ] { #expect(parameters.contains { $0.hasSuffix(line) }, "\(line) in \(parameters)") }
    #expect(parameters.count == 5)
    let method = try await differences("method") { _ in
      Report(entity: "Sertifikasi", method: "Soon", name: "", summary: "", message: "", parameters: [], parts: [])
    }
    #expect(method == ["SertifikasiService/Soon: bahari.v1.SertifikasiService has no such method"])
  }

  @Test("a statement that PostgreSQL refuses keeps the daemon from serving") func statement() async throws {
    let session = try await MigratedDatabase.make("report_statement").session()
    try session.execute("ALTER TABLE public.trx_absensi DROP COLUMN total_overtime")
    let found = #expect(throws: SchemaDifferences.self) { _ = try Resources(Catalog.tables, try LiveSchema(session)) }
    #expect(
      found?.lines == [
        "trx_absensi: column total_overtime is missing",
        "trx_absensi: the catalog names total_overtime among its rules, which is no column",
        "trx_absensi: the catalog names total_overtime among its derived values, which is no column",
        "AbsensiService/Recap: PostgreSQL refuses the statement of data: column \"total_overtime\" does not exist",
      ])
  }
}
