import BahariClient
import Foundation
import Glibc
import SwiftProtobuf
import TestSupport
import Testing

extension EndToEnd {
  /// The Swift client has a call for every method of the daemon, and its calls have the documented effects.
  @Suite(.served("client_surface")) struct ClientSurface {
    private let daemon: Daemon
    private var client: BahariClient { daemon.client }

    init() throws { daemon = try Daemon.shared }

    /// The text of a file of the client library.
    private func source(_ name: String) throws -> String {
      let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
      return try String(contentsOf: package.appending(path: "Clients/BahariClient/\(name)"), encoding: .utf8)
    }

    @Test("Every table has its line, and every method beyond the seven has its call")
    func everything() async throws {
      let description = try await client.describe()
      let lines = try source("Resources.swift").matches(of: /Resource<Bahari_V1_(\w+)>/).map { String($0.1) }
      let tables = description.resources.map { $0.row.replacing("bahari.v1.", with: "") }
      #expect(tables.count == 22 && lines.sorted() == tables.sorted())
      let common: Set = ["Get", "List", "Create", "Update", "Delete", "BatchUpsert", "Export"]
      let files = try Google_Protobuf_FileDescriptorSet(serializedBytes: Array(description.fileDescriptorSet)).file
      let services = files.flatMap(\.service).filter { service in
        description.resources.contains { $0.service == "bahari.v1.\(service.name)" }
      }
      #expect(services.count == 22)
      let calls = try source("DomainCalls.swift")
      var special = 0
      for method in services.flatMap(\.method) where !common.contains(method.name) {
        #expect(calls.contains("\"\(method.name)\""), "\(method.name) has no call")
        special += 1
      }
      #expect(special == 10)
    }

    @Test("Pages by token hold every row once, also across pages; so does an export")
    func pages() async throws {
      var ids: [Int64] = []
      for try await page in client.desa.pages(.where(sort: ["-name"]), limit: 10) {
        #expect(page.data.count <= 10 && !page.pagination.hasTotal)
        ids += page.data.map(\.id)
      }
      #expect(ids.count == 25 && Set(ids).count == 25)
      let rows = try await client.desa.pages(.where(sort: ["id"]), limit: 7).rows.reduce(into: []) { $0.append($1.id) }
      #expect(rows == ids.sorted())
      let some = Filter.field("id", .lte, 1_101_010_010) && !.field("name", .eq, "Desa 3")
      #expect(try await client.desa.export(.where(some)).reduce(into: []) { $0.append($1.name) }.count == 9)
      #expect(try await client.desa.list(.where(some, limit: 3, count: .exact)).pagination.total == 9)
      #expect(try await client.desa.listWithRelations(.where(limit: 1)).data.first?.provinceName == "ACEH")
    }

    @Test("A write by its request id has one effect, and its version guards the next")
    func writes() async throws {
      let row = Bahari_V1_Role.with { ($0.levelRole, $0.namaRole) = ("4", "satu") }
      let first = try await client.role.create(row, requestID: "peran-1")
      let second = try await client.role.create(row, requestID: "peran-1")
      #expect(first.data == second.data && first.responseCode == "2000000")
      let made = try #require(first.data)
      let other = await #expect(throws: BahariError.self) {
        try await client.role.create(.with { ($0.levelRole, $0.namaRole) = ("4", "dua") }, requestID: "peran-1")
      }
      #expect(other?.responseCode == "4040018" && other?.reason == "REQUEST_ID_REUSED")
      let changed = try await client.role.update(
        .with { ($0.id, $0.namaRole) = (made.id, "tiga") }, mask: ["nama_role"], version: made.version)
      #expect(changed.data?.namaRole == "tiga")
      let clash = await #expect(throws: BahariError.self) {
        try await client.role.delete(made.id, version: made.version)
      }
      #expect(clash?.code == .aborted && clash?.reason == "VERSION_CLASH" && clash?.outcome == .notApplied)
      try await client.role.delete(made.id)
      let gone = await #expect(throws: BahariError.self) { try await client.role.get(made.id) }
      #expect(gone?.code == .notFound && gone?.responseCode == "4040001")
    }

    @Test(
      "Calls that a killed or stopped daemon left unanswered are repeated with the next daemon, and each row exists once",
      arguments: [SIGKILL, SIGTERM])
    func restart(signal: Int32) async throws {
      let level = signal == SIGKILL ? "5" : "6"
      let conninfo = try await daemon.conninfo
      let socket = try Place.fresh("sock")
      let patient = BahariClient(socketPath: socket, timeout: .seconds(60), attempts: 20)
      let made = try await withThrowingTaskGroup(of: Int64.self) { group in
        let first = try Daemon(conninfo: conninfo, socket: socket)
        try await first.ready()
        #expect(try await patient.health() == .serving)
        for number in 0..<200 {
          group.addTask {
            var made: Int64 = 0
            for round in 0..<20 {
              let row = Bahari_V1_Role.with { ($0.levelRole, $0.namaRole) = (level, "\(number)-\(round)") }
              made += try await patient.role.create(row).data?.namaRole == row.namaRole ? 1 : 0
            }
            return made
          }
        }
        try await eventually("some creates") {
          try await daemon.sql("SELECT count(*) > 20 FROM public.mst_role WHERE level_role = '\(level)'") == "t"
        }
        first.child.signal(signal)
        #expect(try await first.child.end() == (signal == SIGKILL ? -SIGKILL : 0))
        let second = try Daemon(conninfo: conninfo, socket: socket)
        try await second.ready()
        let made = try await group.reduce(0, +)
        #expect(try await second.stop() == 0)
        return made
      }
      #expect(made == 4_000)
      let rows = "FROM public.mst_role WHERE level_role = '\(level)'"
      #expect(try await daemon.sql("SELECT count(*), count(DISTINCT nama_role) \(rows)") == "4000|4000")
    }
  }
}

extension EndToEnd {
  /// Methods of single tables, called from Swift.
  @Suite(.served("client_domain")) struct ClientDomain {
    @Test("A day's attendance, the reports and the profile of a group")
    func domain() async throws {
      let daemon = try Daemon.shared
      let client = daemon.client
      try await daemon.sql(Reports.sql)
      let begun = try await client.absensi.checkIn(
        .with { ($0.nip, $0.date, $0.ciLatitude, $0.ciLongitude) = ("001", "2026-03-02", "-5", "105") })
      let day = try #require(begun.data)
      let ended = try await client.absensi.checkOut(.with { ($0.nip, $0.date) = ("001", "2026-03-02") })
      #expect(ended.data?.id == day.id && ended.data?.hasCheckout == true)
      let again = await #expect(throws: BahariError.self) {
        try await client.absensi.checkOut(.with { $0.id = Int64(day.id) })
      }
      #expect(again?.responseCode == "4040000" && again?.outcome == .notApplied)
      #expect(try await client.absensi.recap(.with { $0.month = "2026-03" }).data.map(\.jumlahHari) == [1])

      let span = ("2026-01-01", "2026-12-31")
      let report = try await client.produksiHasilTangkapan.report(.with { ($0.dateFrom, $0.dateTo) = span })
      #expect(report.responseCode == "2000000" && report.data.first?.jumlahProduksi == "2500.00")
      #expect(try await client.bantuan.report().data.isEmpty)
      let coverage = Bahari_V1_BantuanCoverageRequest.with { ($0.tahunAnggaran, $0.served) = (2026, .never) }
      #expect(try await client.bantuan.coverage(coverage).data.map(\.kelompokNelayanNama) == ["Bahagia"])
      #expect(try await client.pelatihan.schedule(.with { ($0.dateFrom, $0.dateTo) = span }).data.isEmpty)
      #expect(try await client.sertifikasi.expiring(.with { $0.date = "2026-11-25" }).data.isEmpty)
      let profile = try await client.kelompokNelayan.profile(12, date: "2026-02-28")
      #expect(profile.kapal.map(\.namaKapal) == ["Angsa"] && profile.penyuluh.id == 1)
      let employee = try await client.pegawai.get(by: "nip", "001")
      #expect(employee.nama == "Ani")
    }
  }
}
