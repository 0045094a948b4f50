import BahariCall
import BahariClient
import BahariFrame
import BahariPostgres
import TestSupport
import Testing

@testable import BahariService

/// What errors say about writes: whether they are in the database.
@Suite("Outcomes of writes", .ownDatabases) struct OutcomeTests {
  private func kabupaten(_ ids: [Int64], province: Int64 = 11) -> [Bahari_V1_Kabupaten] {
    ids.map { id in .with { ($0.id, $0.provinceID, $0.name) = (id, province, "Kabupaten \(id)") } }
  }

  private func failure(_ running: RunningCall) async throws -> BahariFrame.Status {
    guard case .failed(let status) = try await running.inbox.next() else {
      throw BahariFrame.Status(.internal, "the call did not fail")
    }
    return status
  }

  // MARK: Between the last statement and COMMIT

  /// Statements that wait for an advisory lock of the test, and that go on if they are cancelled while they wait, as a
  /// statement does that is just ending when the request to cancel it arrives.
  private static let stubborn = """
    CREATE FUNCTION public.stubborn() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        BEGIN
          PERFORM pg_catalog.pg_advisory_xact_lock(1);
        EXCEPTION WHEN query_canceled THEN NULL;
        END;
        RETURN NEW;
      END $$;
    SELECT pg_advisory_lock(1);
    """

  private func waits(_ bench: ServiceBench) async throws {
    try await eventually("a statement waits") {
      try bench.value(
        """
        SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()
        """) == "1"
    }
  }

  /// Waits until no session but the test's own has a transaction.
  private func settles(_ bench: ServiceBench) async throws {
    try await eventually("all transactions have ended") {
      try bench.value(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
        """) == "0"
    }
  }

  @Test(
    "a batch whose call ends in its last statement before COMMIT is not applied, as it says",
    arguments: [
      // The reply is stored, the rows are written, and the request is logged.
      "BEFORE UPDATE ON bahari.request_log", "BEFORE INSERT ON public.mst_kabupaten",
      "BEFORE INSERT ON bahari.request_log",
    ])
  func lastStatement(_ event: String) async throws {
    let bench = try await ServiceBench("outcome_last")
    try bench.session.execute(
      Self.stubborn + "CREATE TRIGGER late \(event) FOR EACH ROW EXECUTE FUNCTION public.stubborn()")
    let request = Bahari_V1_BatchUpsertKabupatenRequest.with { ($0.data, $0.requestID) = (kabupaten([1102]), "satu") }
    let running = try await bench.start(request, "Kabupaten", .batchUpsert)
    try await waits(bench)
    await running.cancel(on: bench.shard)
    #expect(try await failure(running).metadata["outcome"] == "not_applied")
    try await settles(bench)
    #expect(try bench.value("SELECT count(*) FROM public.mst_kabupaten") == "1")
    #expect(try bench.value("SELECT count(*) FROM bahari.request_log") == "0")
    await bench.close()
  }

  @Test("a batch whose connection is lost before COMMIT is not applied") func lostBefore() async throws {
    let bench = try await ServiceBench("outcome_lost")
    try bench.session.execute(
      Self.stubborn
        + "CREATE TRIGGER late BEFORE INSERT ON public.mst_kabupaten FOR EACH ROW EXECUTE FUNCTION public.stubborn()")
    let request = Bahari_V1_BatchUpsertKabupatenRequest.with { $0.data = kabupaten([1102]) }
    let running = try await bench.start(request, "Kabupaten", .batchUpsert)
    try await waits(bench)
    try bench.session.query(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event = 'advisory'
      """)
    let status = try await failure(running)
    #expect(status.code == .unavailable && status.metadata["outcome"] == "not_applied")
    #expect(try bench.value("SELECT count(*) FROM public.mst_kabupaten") == "1")
    await bench.close()
  }

  /// Writes that read the row first: a check-out that names the employee and the day, and an update whose new value
  /// breaks a rule, which is accepted if the row has it.
  enum ReadFirst: CaseIterable { case checkOut, update }

  @Test("a call that ends while it reads the row does not write afterwards", arguments: ReadFirst.allCases)
  func endsWhileReading(_ write: ReadFirst) async throws {
    let bench = try await Fishery.bench("outcome_reading")
    try bench.session.execute(
      """
      INSERT INTO public.trx_absensi (date, nip, checkin, ci_latitude, ci_longitude, working_hours)
        VALUES ('2026-04-01', '\(Fishery.nip)', '2026-04-01 01:00', 0, 0, -1);
      BEGIN; LOCK TABLE public.trx_absensi IN ACCESS EXCLUSIVE MODE
      """)
    let running =
      switch write {
      case .checkOut:
        try await bench.start(
          Bahari_V1_CheckOutRequest.with { ($0.nip, $0.date) = (Fishery.nip, "2026-04-01") }, "Absensi", .checkOut)
      case .update:
        try await bench.start(
          Bahari_V1_UpdateAbsensiRequest.with {
            ($0.data.id, $0.data.workingHours, $0.data.keterangan) = (1, "-1", "later")
          }, "Absensi", .update)
      }
    try await eventually("the read waits") {
      try bench.value(
        """
        SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE NOT l.granted AND d.datname = current_database()
        """) != "0"
    }
    await running.cancel(on: bench.shard)
    let status = try await failure(running)
    #expect(status.metadata["outcome"] == "not_applied")
    #expect(status.reason == "CANCELLED" && status.metadata["response_code"] == "5000000")
    try bench.session.execute("COMMIT")
    try await settles(bench)
    // A call after it on the same lanes: what the cancelled call had sent before is done by then.
    let after: Bahari_V1_AbsensiReply = try await bench.call(
      Bahari_V1_UpdateAbsensiRequest.with { ($0.data.id, $0.data.ciLatitude) = (1, "1") }, "Absensi", .update)
    #expect(!after.data.hasCheckout && !after.data.hasKeterangan)
    await bench.close()
  }

  @Test("a COMMIT that PostgreSQL refuses is not applied") func refusedCommit() async throws {
    let bench = try await ServiceBench("outcome_refused")
    try bench.session.execute(
      """
      CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END $$;
      CREATE CONSTRAINT TRIGGER late AFTER INSERT ON public.mst_kabupaten DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION public.refuse()
      """)
    let batch = Bahari_V1_BatchUpsertKabupatenRequest.with { $0.data = kabupaten([1102]) }
    #expect(try await failure(bench.start(batch, "Kabupaten", .batchUpsert)).metadata["outcome"] == "not_applied")
    let create = Bahari_V1_CreateKabupatenRequest.with { $0.data = kabupaten([1103])[0] }
    #expect(try await failure(bench.start(create, "Kabupaten", .create)).metadata["outcome"] == "not_applied")
    #expect(try bench.value("SELECT count(*) FROM public.mst_kabupaten") == "1")
    await bench.close()
  }

  @Test("a dry run that is cancelled is never applied") func dryRun() async throws {
    let bench = try await ServiceBench("outcome_dry")
    try bench.session.execute(
      Self.stubborn
        + "CREATE TRIGGER late BEFORE INSERT ON public.mst_kabupaten FOR EACH ROW EXECUTE FUNCTION public.stubborn()")
    let create = Bahari_V1_CreateKabupatenRequest.with { ($0.data, $0.dryRun) = (kabupaten([1102])[0], true) }
    let running = try await bench.start(create, "Kabupaten", .create)
    try await waits(bench)
    await running.cancel(on: bench.shard)
    #expect(try await failure(running).metadata["outcome"] == "not_applied")
    await bench.close()
  }

  @Test("a batch's payload is sent once: the statement that stores the reply has no parameter for it")
  func payloadOnce() async throws {
    let resource = try await BoundTables.resource("Kabupaten")
    let complete = RequestLogShape(action: .complete, method: "BatchUpsert").statement(of: resource)
    let add = RequestLogShape(action: .add, method: "BatchUpsert").statement(of: resource)
    #expect(complete.parameterTypes.count == 3 && add.parameterTypes.count == 4)
    #expect(add.sql.contains("sha256") && !complete.sql.contains("sha256"))
  }

  @Test(
    "a frame that is refused starts no call, so that nothing is applied",
    arguments: [
      FrameRefusal.Reason.malformed, .overloaded, .frameTooLarge,
    ])
  func refusedFrame(_ reason: FrameRefusal.Reason) {
    #expect(Status(FrameRefusal(reason, "no")).metadata["outcome"] == "not_applied")
  }

  // MARK: Replies that are too large

  /// The text of one column, close to the limit of a row.
  private static let long = String(repeating: "x", count: CallLimits.rowBytes - 5_000)

  @Test("a row that no reply could hold is refused by every method, and one just below is served by each")
  func tooLong() async throws {
    let bench = try await Fishery.bench("outcome_long")
    func pelatihan(_ number: String, _ text: String) -> Bahari_V1_Pelatihan {
      .with {
        ($0.noPelatihan, $0.jenisPelatihanID, $0.namaPelatihan, $0.penyelenggara) = (number, 1, "Selam", "DKP")
        ($0.penyuluhID, $0.tanggalMulai, $0.tanggalSelesai) = (1, "2026-01-01", "2026-01-02")
        ($0.lokasi, $0.targetPeserta, $0.keterangan) = ("Aceh", 20, text)
      }
    }
    let long = Self.long
    let tooLong = String(repeating: "x", count: CallLimits.rowBytes + 1)
    let refused = try await failure(
      bench.start(
        Bahari_V1_CreatePelatihanRequest.with { $0.data = pelatihan("A", tooLong) }, "Pelatihan", .create))
    #expect(refused.violations.map(\.reason) == ["TOO_LONG"] && refused.metadata["outcome"] == "not_applied")
    let made: Bahari_V1_PelatihanReply = try await bench.call(
      Bahari_V1_CreatePelatihanRequest.with { $0.data = pelatihan("A", long) }, "Pelatihan", .create)
    // Each of the two texts would be short enough alone.
    let second = Bahari_V1_UpdatePelatihanRequest.with {
      ($0.data.id, $0.data.hasilEvaluasi) = (made.data.id, String(repeating: "y", count: 100_000))
    }
    let grown = try await failure(bench.start(second, "Pelatihan", .update))
    #expect(grown.violations.map(\.reason) == ["TOO_LONG"] && grown.metadata["outcome"] == "not_applied")
    let batch = Bahari_V1_BatchUpsertPelatihanRequest.with {
      $0.data = [.with { ($0.noPelatihan, $0.hasilEvaluasi) = ("A", second.data.hasilEvaluasi) }]
    }
    let batched = try await failure(bench.start(batch, "Pelatihan", .batchUpsert))
    #expect(batched.violations.map(\.reason) == ["TOO_LONG"] && batched.metadata["outcome"] == "not_applied")
    #expect(try bench.value("SELECT count(*) FROM public.trx_pelatihan WHERE hasil_evaluasi IS NOT NULL") == "0")
    // Every method serves the long row.
    let small: Bahari_V1_PelatihanReply = try await bench.call(
      Bahari_V1_UpdatePelatihanRequest.with { ($0.data.id, $0.data.lokasi) = (made.data.id, "Medan") }, "Pelatihan",
      .update)
    #expect(small.data.keterangan.utf8.count == long.utf8.count)
    let read: Bahari_V1_PelatihanReply = try await bench.call(
      Bahari_V1_GetRequest.with { $0.id = Int64(made.data.id) }, "Pelatihan", .get)
    #expect(read.data.keterangan.utf8.count == long.utf8.count)
    let gone: Bahari_V1_PelatihanReply = try await bench.call(
      Bahari_V1_DeleteRequest.with { $0.id = Int64(made.data.id) }, "Pelatihan", .delete)
    #expect(gone.data.keterangan.utf8.count == long.utf8.count)
    await bench.close()
  }

  @Test("a row of the old database that no reply can hold: its writes are applied, and say so, repeated too")
  func legacyRow() async throws {
    let bench = try await Fishery.bench("outcome_legacy")
    try bench.session.execute(
      "UPDATE public.mst_komoditas SET keterangan = repeat('x', 4300000) WHERE id IN (2, 3)")
    let update = Bahari_V1_UpdateKomoditasRequest.with {
      ($0.data.id, $0.data.satuan, $0.requestID) = (2, "ton", "ubah")
    }
    let delete = Bahari_V1_DeleteRequest.with { ($0.id, $0.requestID) = (3, "hapus") }
    for _ in 0..<2 {
      let changed = try await failure(bench.start(update, "Komoditas", .update))
      #expect(changed.reason == "REPLY_TOO_LARGE" && changed.metadata["outcome"] == "applied")
      let deleted = try await failure(bench.start(delete, "Komoditas", .delete))
      #expect(deleted.reason == "REPLY_TOO_LARGE" && deleted.metadata["outcome"] == "applied")
    }
    #expect(try bench.value("SELECT string_agg(satuan, ',' ORDER BY id) FROM public.mst_komoditas") == "kg,ton")
    let dry = Bahari_V1_UpdateKomoditasRequest.with { ($0.data.id, $0.data.satuan, $0.dryRun) = (2, "x", true) }
    #expect(try await failure(bench.start(dry, "Komoditas", .update)).metadata["outcome"] == "not_applied")
    await bench.close()
  }

  @Test("9,999 refused rows beside a good one: 1,000 whole, the others by index, and the good one is there")
  func manyErrors() async throws {
    let bench = try await ServiceBench("outcome_errors")
    let batch = Bahari_V1_BatchUpsertKabupatenRequest.with {
      $0.data = kabupaten([1102]) + kabupaten(Array(10_000..<19_999), province: 404)
      for place in $0.data.indices.dropFirst() { $0.data[place].clearName() }
      ($0.onError, $0.requestID) = (.skip, "borongan")
    }
    let reply: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    #expect(reply.created == 1 && reply.failed == 9_999)
    #expect(reply.errors.map(\.index) == Array(1...1_000))
    #expect(reply.moreFailed == Array(1_001...9_999))
    #expect(try bench.value("SELECT count(*) FROM public.mst_kabupaten") == "2")
    let again: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    #expect(again == reply)
    await bench.close()
  }

  @Test("the limit of a row leaves room for all its other columns, on every table") func roomForOthers() async throws {
    for resource in try await BoundTables.all() {
      let bounded = resource.columns.reduce(0) { $0 + 4 * ($1.live.maximumLength ?? 64) + 16 }
      let unlimited = resource.columns.count {
        [.text, .varchar].contains($0.type) && $0.live.maximumLength == nil
      }
      let others = bounded + unlimited * ServiceLimits.largeTextBytes + 16_384
      #expect(CallLimits.rowBytes + others <= ServiceLimits.replyBytes, "\(resource.table.name)")
    }
  }
}
