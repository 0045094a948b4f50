import BahariClient
import BahariFrame
import TestSupport
import Testing

@testable import BahariService

/// Batches against a real database, through the repository.
@Suite("Batch upsert", .ownDatabases) struct BatchUpsertTests {
  private typealias Batch = Bahari_V1_BatchUpsertKabupatenRequest

  private func kabupaten(_ ids: [Int64], province: (Int64) -> Int64 = { _ in 11 }) -> [Bahari_V1_Kabupaten] {
    ids.map { id in .with { ($0.id, $0.provinceID, $0.name) = (id, province(id), "Kabupaten \(id)") } }
  }

  @Test("a bad row: ABORT writes nothing and lists every bad row") func abort() async throws {
    let bench = try await ServiceBench("batch_abort")
    let batch = Batch.with { $0.data = kabupaten(Array(1102...1140)) { $0 == 1110 || $0 == 1125 ? 404 : 11 } }
    let status = await #expect(throws: Status.self) {
      let _: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    }
    #expect(status?.violations.map(\.field) == ["data[8].province_id", "data[23].province_id"])
    #expect(status?.code == .failedPrecondition)
    #expect(try bench.value("SELECT count(*) FROM public.mst_kabupaten") == "1")
    await bench.close()
  }

  @Test("SKIP writes the others, and counts") func skip() async throws {
    let bench = try await ServiceBench("batch_skip")
    var batch = Batch.with { $0.data = kabupaten(Array(1101...1120)) { $0 == 1110 ? 404 : 11 } }
    batch.onError = .skip
    batch.data[3].clearName()
    let reply: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    #expect([reply.created, reply.updated, reply.unchanged, reply.failed] == [17, 1, 0, 2])
    #expect(reply.errors.map(\.index) == [3, 9])
    #expect(reply.errors.last?.violations.first?.field == "data[9].province_id")
    #expect(try bench.value("SELECT count(*) FROM public.mst_kabupaten") == "18")
    await bench.close()
  }

  @Test("rows that already equal the batch's are not changed") func unchanged() async throws {
    let bench = try await ServiceBench("batch_unchanged")
    let batch = Batch.with { $0.data = kabupaten(Array(1102...1110)) }
    let first: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    #expect(first.created == 9)
    let versions = "SELECT string_agg(xmin::text, ',' ORDER BY id) FROM public.mst_kabupaten"
    let before = try bench.value(versions)
    let again: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    #expect([again.created, again.updated, again.unchanged] == [0, 0, 9])
    #expect(try bench.value(versions) == before)
    await bench.close()
  }

  @Test("a masked column that is absent gets its default, once") func masked() async throws {
    let bench = try await ServiceBench("batch_masked")
    try bench.session.execute("UPDATE public.mst_kabupaten SET alt_name = 'lama', latitude = 5")
    // Neither name nor province: the row can only be changed, not made.
    let batch = Batch.with { batch in
      batch.data = [.with { $0.id = 1101 }]
      batch.updateMask.paths = ["id", "alt_name", "latitude"]
    }
    let reply: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    #expect([reply.created, reply.updated, reply.unchanged] == [0, 1, 0])
    let row = "SELECT alt_name || '|' || latitude || '|' || name FROM public.mst_kabupaten"
    #expect(try bench.value(row) == "|0|ACEH SELATAN")
    let again: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    #expect([again.created, again.updated, again.unchanged] == [0, 0, 1])
    await bench.close()
  }

  @Test("some columns of rows that exist; a row that does not exist is a violation") func partial() async throws {
    let bench = try await ServiceBench("batch_partial")
    var batch = Batch.with {
      $0.data = [.with { ($0.id, $0.altName) = (1101, "baru") }, .with { ($0.id, $0.altName) = (9, "x") }]
    }
    batch.onError = .skip
    let reply: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    #expect([reply.updated, reply.failed] == [1, 1])
    #expect(reply.errors.first?.violations.map(\.field) == ["data[1].province_id", "data[1].name"])
    #expect(try bench.value("SELECT alt_name || name FROM public.mst_kabupaten") == "baruACEH SELATAN")
    await bench.close()
  }

  @Test("a dry run returns the same counts and writes nothing") func dryRun() async throws {
    let bench = try await ServiceBench("batch_dry")
    let batch = Batch.with { ($0.data, $0.dryRun) = (kabupaten([1101, 1102]), true) }
    let reply: Bahari_V1_BatchReply = try await bench.call(batch, "Kabupaten", .batchUpsert)
    #expect([reply.created, reply.updated] == [1, 1])
    #expect(try bench.value("SELECT string_agg(name, ',') FROM public.mst_kabupaten") == "ACEH SELATAN")
    await bench.close()
  }

  @Test("a call that is cancelled while its COMMIT runs ends with the outcome unknown") func committing() async throws {
    let bench = try await ServiceBench("batch_committing")
    // A commit that waits for a lock of ours.
    try bench.session.execute(
      """
      CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER late AFTER INSERT ON public.mst_kabupaten DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION public.wait();
      SELECT pg_advisory_lock(1)
      """)
    let running = try await bench.start(Batch.with { $0.data = kabupaten([1102]) }, "Kabupaten", .batchUpsert)
    try await eventually("the commit waits") {
      try bench.value(
        """
        SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()
        """) == "1"
    }
    await running.cancel(on: bench.shard)
    guard case .failed(let status) = try await running.inbox.next() else {
      Issue.record("answered before its commit")
      return
    }
    #expect(status.metadata["outcome"] == "unknown")
    try bench.session.execute("SELECT pg_advisory_unlock(1)")
    try await eventually("the commit ends") {
      try bench.value("SELECT count(*) FROM public.mst_kabupaten") == "2"
    }
    await bench.close()
  }

  @Test("ids from a sequence: rows without one are added, the others only match") func serial() async throws {
    let bench = try await ServiceBench("batch_serial")
    func upt(_ id: Int32?, _ name: String) -> Bahari_V1_Upt {
      .with {
        if let id { $0.id = id }
        ($0.namaOrganisasi, $0.pimpinan, $0.provinceID) = (name, "Ani", 11)
      }
    }
    var batch = Bahari_V1_BatchUpsertUptRequest.with { $0.data = [upt(nil, "A"), upt(nil, "A"), upt(nil, "B")] }
    let added: Bahari_V1_BatchReply = try await bench.call(batch, "Upt", .batchUpsert)
    #expect([added.created, added.updated, added.unchanged, added.failed] == [3, 0, 0, 0])
    let noPimpinan = Bahari_V1_Upt.with { ($0.namaOrganisasi, $0.provinceID) = ("E", 11) }
    batch.data = [upt(1, "A"), upt(2, "C"), upt(77, "D"), noPimpinan, upt(nil, "F"), upt(2, "G")]
    batch.onError = .skip
    let mixed: Bahari_V1_BatchReply = try await bench.call(batch, "Upt", .batchUpsert)
    #expect([mixed.created, mixed.updated, mixed.unchanged, mixed.failed] == [1, 1, 1, 3])
    let faults = mixed.errors.map { "\($0.index) \($0.violations.map { "\($0.field) \($0.reason)" }.joined())" }
    #expect(faults == ["2 data[2].id GIVEN_BY_SERVER", "3 data[3].pimpinan MISSING", "5 data[5].id DUPLICATE"])
    let rows = "SELECT string_agg(id || nama_organisasi, ' ' ORDER BY id) FROM public.mst_upt"
    #expect(try bench.value(rows) == "1A 2C 3B 4F")
    await bench.close()
  }
}
