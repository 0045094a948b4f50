import BahariClient
import BahariFrame
import BahariPostgres
import TestSupport
import Testing

@testable import BahariService

/// Writes that meet others: guards that have to see them, and batches that want the same rows.
@Suite("Writes that meet", .ownDatabases) struct WriteRaceTests {
  // MARK: One row per employee and day

  /// Writes that give a row the employee and the day of another row, by changing one of the two columns or both.
  enum DayWrite: String, CaseIterable {
    case date, nip, both, batchDate, batchNip, batchBoth, create, batchCreate

    func start(_ bench: ServiceBench, id: Int32) async throws -> RunningCall {
      func row(_ date: Bool, _ nip: Bool) -> Bahari_V1_Absensi {
        .with {
          $0.id = id
          if date { $0.date = "2026-04-01" }
          if nip { $0.nip = Fishery.nip }
        }
      }
      func update(_ date: Bool, _ nip: Bool) async throws -> RunningCall {
        try await bench.start(Bahari_V1_UpdateAbsensiRequest.with { $0.data = row(date, nip) }, "Absensi", .update)
      }
      func batch(_ row: Bahari_V1_Absensi) async throws -> RunningCall {
        try await bench.start(
          Bahari_V1_BatchUpsertAbsensiRequest.with { $0.data = [row] }, "Absensi", .batchUpsert)
      }
      let day = Fishery.day("2026-04-01", nil)
      return switch self {
      case .date: try await update(true, false)
      case .nip: try await update(false, true)
      case .both: try await update(true, true)
      case .batchDate: try await batch(row(true, false))
      case .batchNip: try await batch(row(false, true))
      case .batchBoth: try await batch(row(true, true))
      case .create: try await bench.start(day, "Absensi", .create)
      case .batchCreate: try await batch(day.data)
      }
    }

    /// The employee and the day of the row that the write changes.
    var before: (nip: String, date: String) {
      switch self {
      case .nip, .batchNip: ("198602022011012002", "2026-04-01")
      default: (Fishery.nip, "2026-03-31")
      }
    }
  }

  @Test("a write waits for another writer's row of the same day, and is then refused", arguments: DayWrite.allCases)
  func sameDay(_ write: DayWrite) async throws {
    let bench = try await Fishery.bench("race_day")
    let columns = "(date, nip, checkin, ci_latitude, ci_longitude)"
    try bench.session.execute(
      """
      INSERT INTO public.trx_absensi \(columns)
        VALUES ('\(write.before.date)', '\(write.before.nip)', '2026-03-31 01:00', 0, 0)
      """)
    let id = try #require(try bench.value("SELECT max(id) FROM public.trx_absensi").flatMap(Int32.init))
    // Another daemon inserts the row: it takes the lock of the day, as this one does, and has not committed yet.
    let other = try Session(ConnectionOptions(conninfo: bench.conninfo))
    try other.execute(
      """
      BEGIN;
      SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'trx_absensi', '\(Fishery.nip)',
        date '2026-04-01'), 0));
      INSERT INTO public.trx_absensi \(columns) VALUES ('2026-04-01', '\(Fishery.nip)', '2026-04-01 01:00', 0, 0)
      """)
    let running = try await write.start(bench, id: id)
    try await eventually("the write waits for the day's lock") {
      try bench.value(
        """
        SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()
        """) != "0"
    }
    try other.execute("COMMIT")
    let status = await #expect(throws: BahariFrame.Status.self) { _ = try await running.reply() }
    #expect(status?.violations.map(\.reason) == ["TAKEN"] && status?.metadata["outcome"] == "not_applied")
    #expect(
      try bench.value(
        "SELECT count(*) FROM public.trx_absensi WHERE nip = '\(Fishery.nip)' AND date = '2026-04-01'") == "1")
    await bench.close()
  }

  @Test("a guard's lock is taken by every write that gives one of its columns, on every table")
  func locks() async throws {
    var checked = 0
    for resource in try await BoundTables.all() {
      for check in resource.guards where check.lock != .none {
        for count in 1...check.columns.count {
          let places = check.columns.prefix(count).compactMap { resource.place(of: $0) }
          let update = WriteShape(kind: .update(hasVersion: true), given: places, loggedMethod: nil)
          let batch = BatchShape(action: .lock, present: [resource.naturalKeyPlace] + places, sets: places)
          for statements in [WriteSQL(resource, update).statements, BatchSQL(resource, batch).statements] {
            let locks = statements.filter { $0.sql.contains("pg_advisory_xact_lock") }
            #expect(locks.count == 1, "\(resource.table.name) \(places)")
            checked += 1
          }
        }
      }
    }
    #expect(checked >= 6)
  }

  // MARK: Batches in opposite orders

  /// How the rows of a batch name columns: all that a new row needs, or only one, or by turns.
  enum Columns: CaseIterable { case all, one, mixed }

  @Test("twelve batches with the same rows in opposite orders all succeed", arguments: Columns.allCases)
  func opposite(_ columns: Columns) async throws {
    let bench = try await ServiceBench("race_opposite")
    try bench.session.execute(
      """
      INSERT INTO public.mst_kabupaten (id, province_id, name)
        SELECT n, 11, 'Kabupaten ' || n FROM generate_series(2000, 2400) n
      """)
    var calls: [RunningCall] = []
    for number in 0..<12 {
      let ids = (0..<400).map { number % 2 == 0 ? 2_000 + $0 : 2_400 - $0 }
      let batch = Bahari_V1_BatchUpsertKabupatenRequest.with {
        $0.data = ids.enumerated().map { place, id in
          .with {
            ($0.id, $0.altName) = (Int64(id), "batch \(number)")
            let isWhole = columns == .all || (columns == .mixed && place < 200)
            if isWhole { ($0.provinceID, $0.name) = (11, "Kabupaten \(id)") }
          }
        }
      }
      calls.append(try await bench.start(batch, "Kabupaten", .batchUpsert))
    }
    for call in calls {
      let reply = try Bahari_V1_BatchReply(serializedBytes: try await call.reply())
      #expect(reply.updated == 400)
    }
    // One batch wrote last, all of it.
    #expect(
      try bench.value("SELECT count(DISTINCT alt_name) FROM public.mst_kabupaten WHERE id BETWEEN 2001 AND 2399") == "1"
    )
    await bench.close()
  }

  @Test("a transaction that loses a deadlock or a serialization is repeated: batches and single writes")
  func repeated() async throws {
    let bench = try await ServiceBench("race_repeated")
    // A trigger that reports each of the two errors several times.
    try bench.session.execute(
      """
      CREATE SEQUENCE public.tries;
      CREATE FUNCTION public.lose() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE n bigint := nextval('public.tries');
        BEGIN
          IF n <= 5 THEN
            RAISE EXCEPTION 'lost' USING ERRCODE = CASE WHEN n % 2 = 0 THEN '40001' ELSE '40P01' END;
          END IF;
          RETURN NEW;
        END $$;
      CREATE TRIGGER lose BEFORE INSERT ON public.mst_kabupaten FOR EACH ROW EXECUTE FUNCTION public.lose()
      """)
    func row(_ id: Int64) -> Bahari_V1_Kabupaten { .with { ($0.id, $0.provinceID, $0.name) = (id, 11, "K") } }
    let batch = Bahari_V1_BatchUpsertKabupatenRequest.with { ($0.data, $0.requestID) = ([row(1102)], "satu") }
    let reply: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    #expect(reply.created == 1)
    try bench.session.execute("ALTER SEQUENCE public.tries RESTART")
    let create = Bahari_V1_CreateKabupatenRequest.with { $0.data = row(1103) }
    let made: Bahari_V1_KabupatenReply = try await bench.call(create, "Kabupaten", .create)
    #expect(made.data.id == 1103)
    #expect(try bench.value("SELECT last_value FROM public.tries") == "6")
    await bench.close()
  }
}
