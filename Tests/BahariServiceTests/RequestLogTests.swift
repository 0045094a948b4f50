import BahariClient
import BahariFrame
import TestSupport
import Testing

@testable import BahariService

@Suite("Repeated requests", .ownDatabases) struct RequestLogTests {
  private func code(_ end: FakeSink.End) -> String {
    switch end {
    case .reply: "2000000"
    case .failed(let status): status.metadata["response_code"] ?? ""
    case .stream: "stream"
    }
  }

  @Test("a repeated create gets the first reply, warnings included, and makes no second row")
  func creates() async throws {
    let bench = try await Fishery.bench("log_creates")
    var request = Fishery.catching()
    (request.requestID, request.data.satuan) = ("satu", "keranjang")
    let first: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(request, "ProduksiHasilTangkapan", .create)
    let again: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(request, "ProduksiHasilTangkapan", .create)
    #expect(first == again && first.warnings.map(\.field) == ["satuan"] && first.data.hasCreatedAt)
    #expect(try bench.value("SELECT count(*) FROM public.trx_produksi_hasil_tangkapan") == "1")
    request.data.satuan = "kg"
    let reused = await #expect(throws: BahariFrame.Status.self) {
      let _: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(request, "ProduksiHasilTangkapan", .create)
    }
    #expect(reused?.metadata["response_code"] == "4040018" && reused?.code == .invalidArgument)
    #expect(reused?.violations.map(\.field) == ["request_id"])
    await bench.close()
  }

  @Test("64 repetitions at once: one row, one answer") func atOnce() async throws {
    let bench = try await Fishery.bench("log_at_once")
    var request = Fishery.catching()
    request.requestID = "sama"
    var calls: [RunningCall] = []
    for _ in 0..<64 { calls.append(try await bench.start(request, "ProduksiHasilTangkapan", .create)) }
    var replies: Set<[UInt8]> = []
    for call in calls {
      let end = try await call.inbox.next()
      guard case .reply(let bytes) = end else {
        Issue.record("answered \(code(end))")
        continue
      }
      replies.insert(bytes)
    }
    #expect(replies.count == 1)
    #expect(try bench.value("SELECT count(*) FROM public.trx_produksi_hasil_tangkapan") == "1")
    await bench.close()
  }

  @Test("an update that names a version, and a delete, answer again as they did") func others() async throws {
    let bench = try await Fishery.bench("log_others")
    let read: Bahari_V1_RoleReply = try await bench.call(Bahari_V1_GetRequest.with { $0.id = 1 }, "Role", .get)
    let update = Bahari_V1_UpdateRoleRequest.with {
      ($0.data.id, $0.data.namaRole, $0.version, $0.requestID) = (1, "Ketua", read.data.version, "ubah")
    }
    let changed: Bahari_V1_RoleReply = try await bench.call(update, "Role", .update)
    let changedAgain: Bahari_V1_RoleReply = try await bench.call(update, "Role", .update)
    #expect(changed == changedAgain && changed.data.version != read.data.version)
    try bench.session.execute("INSERT INTO public.mst_role (level_role, nama_role) VALUES ('2', 'X')")
    let delete = Bahari_V1_DeleteRequest.with { ($0.id, $0.requestID) = (3, "hapus") }
    let gone: Bahari_V1_RoleReply = try await bench.call(delete, "Role", .delete)
    let goneAgain: Bahari_V1_RoleReply = try await bench.call(delete, "Role", .delete)
    #expect(gone == goneAgain && gone.data.namaRole == "X")
    // The same id on another method is another request.
    let other = Bahari_V1_UpdateRoleRequest.with {
      ($0.data.id, $0.data.namaRole, $0.requestID) = (1, "Lain", "hapus")
    }
    let changedLast: Bahari_V1_RoleReply = try await bench.call(other, "Role", .update)
    #expect(changedLast.data.namaRole == "Lain")
    await bench.close()
  }

  @Test("a refused request may be repeated, and a dry run is not recorded") func refused() async throws {
    let bench = try await Fishery.bench("log_refused")
    var request = Fishery.catching(2)
    request.requestID = "coba"
    for _ in 0..<2 {
      let status = await #expect(throws: BahariFrame.Status.self) {
        let _: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(request, "ProduksiHasilTangkapan", .create)
      }
      #expect(status?.violations.map(\.field) == ["data.kapal_id"])
    }
    request = Fishery.catching()
    (request.requestID, request.dryRun) = ("coba", true)
    let _: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(request, "ProduksiHasilTangkapan", .create)
    #expect(try bench.value("SELECT count(*) FROM bahari.request_log") == "0")
    await bench.close()
  }

  @Test("a repeated batch of rows without natural key adds them once") func batches() async throws {
    let bench = try await Fishery.bench("log_batches")
    let batch = Bahari_V1_BatchUpsertProduksiHasilTangkapanRequest.with {
      ($0.data, $0.requestID) = (Array(repeating: Fishery.catching().data, count: 50), "borongan")
    }
    let first: Bahari_V1_BatchReply = try await bench.call(batch, "ProduksiHasilTangkapan", .batchUpsert)
    let again: Bahari_V1_BatchReply = try await bench.call(batch, "ProduksiHasilTangkapan", .batchUpsert)
    #expect(first == again && first.created == 50)
    #expect(try bench.value("SELECT count(*) FROM public.trx_produksi_hasil_tangkapan") == "50")
    await bench.close()
  }

  @Test("64 creates of one unique value: one succeeds, the others are refused") func unique() async throws {
    let bench = try await Fishery.bench("log_unique")
    var calls: [RunningCall] = []
    for number in 0..<64 {
      var request = Fishery.aid("SAMA")
      request.requestID = "r\(number)"
      calls.append(try await bench.start(request, "Bantuan", .create))
    }
    var codes: [String] = []
    for call in calls { codes.append(code(try await call.inbox.next())) }
    #expect(codes.count { $0 == "2000000" } == 1 && codes.count { $0 == "4090001" } == 63)
    await bench.close()
  }

  @Test("a create and a check-in of the same columns are each answered by their own first reply, in both orders")
  func sameColumns() async throws {
    func checkIn(_ date: String) -> Bahari_V1_CheckInRequest {
      .with {
        ($0.nip, $0.date, $0.ciLatitude, $0.ciLongitude, $0.requestID) = (
          Fishery.nip, date, "-5", "105", "masuk \(date)"
        )
        $0.checkin.seconds = 1_767_225_600
      }
    }
    func create(_ date: String) -> Bahari_V1_CreateAbsensiRequest {
      .with {
        ($0.data.nip, $0.data.date, $0.data.ciLatitude, $0.data.ciLongitude) = (Fishery.nip, date, "-5", "105")
        ($0.data.checkin.seconds, $0.requestID) = (1_767_225_600, "buat \(date)")
      }
    }
    // The daemon keeps statement texts; a fresh bench begins without any, so each order meets the other's text.
    for (order, suffix) in [("create first", "a"), ("check-in first", "b")] {
      let fresh = try await Fishery.bench("log_same_columns_\(suffix)")
      let steps = order == "create first" ? ["create", "check-in"] : ["check-in", "create"]
      for (day, step) in steps.enumerated() {
        let date = "2026-01-0\(day + 1)"
        var replies: [Bahari_V1_AbsensiReply] = []
        for _ in 0..<2 {
          replies.append(
            step == "create"
              ? try await fresh.call(create(date), "Absensi", .create)
              : try await fresh.call(checkIn(date), "Absensi", .checkIn))
        }
        #expect(replies[0] == replies[1], "\(order): \(step) repeated")
      }
      #expect(
        try fresh.value("SELECT string_agg(method, ' ' ORDER BY method) FROM bahari.request_log")
          == "CheckIn Create")
      await fresh.close()
    }
  }

  // MARK: Stored replies

  @Test("a stored reply is read by the names of its values, in whatever order an earlier version stored them")
  func shapes() async throws {
    let bench = try await Fishery.bench("log_shapes")
    var request = Fishery.catching()
    request.requestID = "satu"
    let first: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(request, "ProduksiHasilTangkapan", .create)
    // As a version of the daemon stored it whose table had another column, and the others in another order.
    try bench.session.execute(
      """
      UPDATE bahari.request_log SET
        reply_row = ARRAY['not a number'] || (SELECT array_agg(v ORDER BY n DESC) FROM unnest(reply_row)
          WITH ORDINALITY AS u (v, n)),
        reply_columns = ARRAY['dropped'] || (SELECT array_agg(v ORDER BY n DESC) FROM unnest(reply_columns)
          WITH ORDINALITY AS u (v, n))
      """)
    let again: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(request, "ProduksiHasilTangkapan", .create)
    #expect(again == first)
    // A version before the names: the values are in today's order if there are as many, and else nobody knows.
    try bench.session.execute("UPDATE bahari.request_log SET reply_columns = NULL")
    let forgotten = await #expect(throws: BahariFrame.Status.self) {
      let _: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(request, "ProduksiHasilTangkapan", .create)
    }
    #expect(forgotten?.metadata["outcome"] == "applied" && forgotten?.message.contains("cannot be read") == true)
    try bench.session.execute(
      "UPDATE bahari.request_log SET reply_row = (SELECT array_agg(v ORDER BY n DESC) FROM unnest(reply_row) "
        + "WITH ORDINALITY AS u (v, n) WHERE n > 1)")
    let old: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(request, "ProduksiHasilTangkapan", .create)
    #expect(old == first)
    await bench.close()
  }

  @Test("a repeated request gets the warnings of its first reply, though the rows behind them have changed")
  func relatedWarnings() async throws {
    let bench = try await Fishery.bench("log_warnings")
    try bench.session.execute("UPDATE public.mst_upt SET province_id = 12")
    let request = Bahari_V1_CreatePenyuluhRequest.with {
      ($0.data.pegawaiID, $0.data.uptID, $0.data.provinceID, $0.requestID) = (3, 1, 11, "satu")
    }
    let first: Bahari_V1_PenyuluhReply = try await bench.call(request, "Penyuluh", .create)
    #expect(first.warnings.map(\.field) == ["upt_id"])
    try bench.session.execute("UPDATE public.mst_upt SET province_id = 11")
    let again: Bahari_V1_PenyuluhReply = try await bench.call(request, "Penyuluh", .create)
    #expect(again == first)
    await bench.close()
  }

  @Test("a repeated delete gets its first reply, though a row of the same id has come back with rows below it")
  func comeBack() async throws {
    let bench = try await ServiceBench("log_come_back")
    let insert = "INSERT INTO public.mst_kabupaten (id, province_id, name) VALUES (1199, 11, 'X')"
    try bench.session.execute(insert)
    let delete = Bahari_V1_DeleteRequest.with { ($0.id, $0.requestID) = (1199, "hapus") }
    let first: Bahari_V1_KabupatenReply = try await bench.call(delete, "Kabupaten", .delete)
    try bench.session.execute(
      insert + "; INSERT INTO public.mst_kecamatan (id, regency_id, name) VALUES (119901, 1199, 'Y')")
    let again: Bahari_V1_KabupatenReply = try await bench.call(delete, "Kabupaten", .delete)
    #expect(again == first)
    #expect(try bench.value("SELECT count(*) FROM public.mst_kabupaten WHERE id = 1199") == "1")
    await bench.close()
  }
}
