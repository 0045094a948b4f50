import BahariFrame
import FakeDaemon
import SwiftProtobuf
import Testing

@testable import BahariClient

/// Pages, rows across pages, filters, and methods of single tables.
@Suite(.timeLimit(.minutes(1)))
struct PagesTests {
  /// Answers calls with these replies in turn, and records the requests.
  private func daemon(_ replies: [any Message], _ seen: Events<SeenFrame>) throws -> FakeDaemon {
    let bytes: [[UInt8]] = try replies.map { try $0.serializedBytes() }
    let count = Counter()
    return try FakeDaemon { peer, frame in
      seen.send(frame)
      peer.reply(frame.header.stream, bytes[(count.add() - 1) % bytes.count])
    }
  }

  private func page(_ ids: [Int32], next: String?) -> Bahari_V1_ListKapalReply {
    .with {
      $0.data = ids.map { id in .with { $0.id = id } }
      if let next { $0.pagination.nextPageToken = next }
    }
  }

  private func sent(_ seen: Events<SeenFrame>) async throws -> ListRequest {
    try ListRequest(serializedBytes: try #require(await seen.next().request()).payload)
  }

  @Test func pagesFollowTheirTokens() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try daemon([page([1, 2], next: "b"), page([], next: "c"), page([3], next: nil)], seen)
    let client = BahariClient(socketPath: daemon.path)
    let pages = client.kapal.pages(.where(.field("ukuran_gt", .gte, 30), sort: ["-ukuran_gt"]), limit: 2)
    let ids = try await pages.reduce(into: []) { $0.append($1.data.map(\.id)) }
    #expect(ids == [[1, 2], [], [3]])
    for token in ["", "b", "c"] {
      let request = try await sent(seen)
      #expect(request.pageToken == token && request.hasPageToken == !token.isEmpty)
      #expect(request.limit == 2 && !request.hasPage && request.count == .none && request.sort == ["-ukuran_gt"])
      #expect(request.filter == .field("ukuran_gt", .gte, "30"))
    }
    let rows = try await pages.rows.reduce(into: []) { $0.append($1.id) }
    #expect(rows == [1, 2, 3])
  }

  @Test func rowsNearAPlaceComeByPageNumber() async throws {
    let seen = Events<SeenFrame>()
    let near = Bahari_V1_ListKelompokNelayanReply.with {
      $0.data = [.init(), .init()]
      $0.distanceKm = [0.5, 2.25]
    }
    let daemon = try daemon([near, Bahari_V1_ListKelompokNelayanReply()], seen)
    let request = ListRequest.with { $0.near = .with { ($0.latitude, $0.longitude) = (-6.1, 106.8) } }
    let pages = BahariClient(socketPath: daemon.path).kelompokNelayan.pages(request, limit: 2)
    let distances = try await pages.reduce(into: []) { $0.append($1.distances) }
    #expect(distances == [[0.5, 2.25], []])
    #expect(try await !sent(seen).hasPage)
    #expect(try await sent(seen).page == 2)
  }

  @Test func pagesAreRequestedOnlyWhenTheyAreConsumed() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try daemon([page([1], next: "b"), page([2], next: "c")], seen)
    let client = BahariClient(socketPath: daemon.path)
    for try await row in client.kapal.pages(limit: 1).rows {
      #expect(row.id == 1)
      break
    }
    _ = try await client.kapal.list(.where(search: "x"))
    #expect(try await !sent(seen).hasPageToken)
    #expect(try await sent(seen).search == "x", "the second request is that of the list, not of a second page")
  }

  @Test func filtersAreBuiltInSwift() throws {
    let filter: Filter =
      .field("ukuran_gt", .gte, "30") && !.field("status_kapal", .in, "Aktif", "Perbaikan")
      || .field("id", .between, 1, Int64(9)) && .field("mesin_pk", .isNull)
    let expected = Filter.with { filter in
      filter.any = [
        .with { left in
          left.all = [
            .with { ($0.field, $0.operator, $0.values) = ("ukuran_gt", "gte", ["30"]) },
            .with { outer in
              outer.not = .with { ($0.field, $0.operator, $0.values) = ("status_kapal", "in", ["Aktif", "Perbaikan"]) }
            },
          ]
        },
        .with { right in
          right.all = [
            .with { ($0.field, $0.operator, $0.values) = ("id", "between", ["1", "9"]) },
            .with { ($0.field, $0.operator, $0.values) = ("mesin_pk", "is_null", ["true"]) },
          ]
        },
      ]
    }
    #expect(filter == expected)
    #expect(Filter.field("mesin_pk", .isNull, false).values == ["false"])
    #expect(Filter.field("id", .in, values: [3, 4]).values == ["3", "4"])
  }

  @Test func attendanceCallsCarryARequestID() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try daemon([Bahari_V1_AbsensiReply.with { $0.data.nip = "19" }], seen)
    let client = BahariClient(socketPath: daemon.path)
    #expect(try await client.absensi.checkIn(.with { ($0.nip, $0.date) = ("19", "2026-11-25") }).data?.nip == "19")
    let checkIn = try #require(await seen.next().request())
    #expect(checkIn.service == "bahari.v1.AbsensiService" && checkIn.method == "CheckIn")
    let first = try Bahari_V1_CheckInRequest(serializedBytes: checkIn.payload)
    #expect(first.nip == "19" && first.date == "2026-11-25" && first.requestID.count == 32)
    _ = try await client.absensi.checkOut(.with { ($0.id, $0.requestID) = (5, "pulang") })
    let checkOut = try #require(await seen.next().request())
    #expect(checkOut.method == "CheckOut")
    let second = try Bahari_V1_CheckOutRequest(serializedBytes: checkOut.payload)
    #expect(second.id == 5 && second.requestID == "pulang")
  }

  @Test func profileAndReportsAreDecoded() async throws {
    let seen = Events<SeenFrame>()
    let profile = Bahari_V1_KelompokNelayanProfileReply.with {
      $0.data.id = 12
      $0.kapal = [.with { $0.namaKapal = "Bahari" }]
    }
    let report = Bahari_V1_ProduksiReportReply.with {
      $0.data = [.with { ($0.satuan, $0.jumlahProduksi) = ("kg", "1000") }]
      $0.warnings = [.with { $0.description_p = "there are more" }]
    }
    let daemon = try daemon([profile, report], seen)
    let client = BahariClient(socketPath: daemon.path)
    #expect(try await client.kelompokNelayan.profile(12, date: "2026-01-31") == profile)
    let asked = try #require(await seen.next().request())
    let sent = try Bahari_V1_KelompokNelayanProfileRequest(serializedBytes: asked.payload)
    #expect(asked.method == "Profile" && sent.id == 12 && sent.date == "2026-01-31")
    let rows = try await client.produksiHasilTangkapan.report(.with { $0.dateFrom = "2026-01-01" })
    #expect(rows.data == report.data && rows.warnings == report.warnings)
    #expect(try await seen.next().request()?.method == "Report")
  }

  @Test func exportGivesTheWarningsOfItsFrames() async throws {
    let frame: [UInt8] = try Bahari_V1_ListPenyuluhReply.with {
      $0.data = [.init()]
      $0.warnings = [.with { $0.field = "wilayah_binaan" }]
    }.serializedBytes()
    let daemon = try FakeDaemon { peer, seen in
      for _ in 0..<2 { peer.message(seen.header.stream, frame) }
      peer.endOfStream(seen.header.stream)
    }
    let pages = BahariClient(socketPath: daemon.path).penyuluh.export().pages
    let fields = try await pages.reduce(into: []) { $0 += $1.warnings.map(\.field) }
    #expect(fields == ["wilayah_binaan", "wilayah_binaan"])
  }

  @Test func replyToGetCarriesItsWarnings() async throws {
    let seen = Events<SeenFrame>()
    let reply = Bahari_V1_PenyuluhReply.with {
      $0.data.id = 3
      $0.warnings = [.with { $0.field = "wilayah_binaan" }]
    }
    let daemon = try daemon([reply], seen)
    let found = try await BahariClient(socketPath: daemon.path).penyuluh.reply(to: .with { $0.id = 3 })
    #expect(found.data?.id == 3 && found.warnings.map(\.field) == ["wilayah_binaan"])
  }
}
