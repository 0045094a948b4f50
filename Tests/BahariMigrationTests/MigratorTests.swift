import BahariPostgres
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import BahariMigration

@Suite("Migrator", .offPool) struct MigratorTests {
  /// Events, from whatever thread.
  final class Recorder: Sendable {
    private let kept = Mutex<[MigrationEvent]>([])
    var events: [MigrationEvent] { kept.withLock { $0 } }
    func put(_ event: MigrationEvent) { kept.withLock { $0.append(event) } }

    var refusedLocks: [[Blocker]] {
      events.compactMap { if case .lockRefused(_, _, let blockers) = $0 { blockers } else { nil } }
    }
  }

  private func options(_ mode: Migrator.Mode = .atomic) -> Migrator.Options {
    var options = Migrator.Options()
    (options.mode, options.lockAttempts, options.lockTimeout) = (mode, 2, 100)
    return options
  }

  @Test("every statement of the plan is reported before it runs, and every phase with its counts") func events()
    async throws
  {
    let session = try await LegacyDatabase.session("migrator_events")
    let plan = try Plan.read(session)
    let recorder = Recorder()
    let result = try Migrator(session: session, observer: recorder.put).run()
    let begun = recorder.events.compactMap { if case .statement(_, let sql) = $0 { sql } else { nil } }
    let ended = recorder.events.compactMap { if case .statementEnded(_, let sql, _) = $0 { sql } else { nil } }
    #expect(begun == plan.statements.map(\.sql) && ended == begun)
    let counts = recorder.events.compactMap { if case .phaseEnded(_, let counts, _) = $0 { counts } else { nil } }
    #expect(counts == result.phases.map(\.counts) && counts.count == Phase.all.count)
    #expect(counts.allSatisfy { $0["pegawai"] == 2 && $0.count == LegacySchema.tables.count })
    let ledger = try session.texts(
      """
      SELECT phase::text, mode, (counts ->> 'villages'), cardinality(statements)::text
      FROM bahari.migration_ledger ORDER BY id
      """)
    #expect(ledger.map { $0[0] } == Phase.all.map { "\($0.number)" })
    #expect(ledger.allSatisfy { $0[1] == "atomic" && $0[2] == "2" })
    #expect(ledger.map { Int($0[3]) } == plan.phases.map(\.statements.count))
  }

  @Test(
    "the record for verify is committed with the migration, or not at all",
    arguments: [Migrator.Mode.atomic, .phased])
  func record(_ mode: Migrator.Mode) async throws {
    let conninfo = try await LegacyDatabase.conninfo("migrator_record_\(mode.rawValue)")
    let session = try Session(.inPublic(conninfo))
    let commits = Mutex(0)
    _ = try Migrator(session: session, options: options(mode)) { event in
      guard case .committed = event else { return }
      let number = commits.withLock { count in
        count += 1
        return count
      }
      // Another session sees one record for each commit that it sees.
      #expect(throws: Never.self) {
        let other = try Session(.inPublic(conninfo))
        let counts = try other.texts(
          "SELECT count(*)::text, count(DISTINCT record ->> 'transaction')::text FROM bahari.migration_record")
        #expect(counts == [["\(number)", "\(number)"]])
      }
    }.run()
    let verification = try Verification(session)
    #expect(
      verification.tables.count == LegacySchema.tables.count && verification.tables.allSatisfy { $0.isEqual == true })
    #expect(verification.catalogDifferences.isEmpty && verification.rollbackReasons.isEmpty)
  }

  @Test("the plan lists what a migration does, and can be kept as JSON") func plan() async throws {
    let session = try await LegacyDatabase.session("migrator_plan")
    let plan = try Plan.read(session)
    #expect(plan.phases.map(\.phase) == Phase.all)
    let rename = try #require(plan.statements.first)
    #expect(rename.sql == "ALTER TABLE public.villages RENAME TO mst_desa" && rename.table == "villages")
    #expect(rename.lock == "ACCESS EXCLUSIVE" && rename.section == "5.2, phase 1" && rename.rows == 0)
    let index = try #require(plan.statements.first { $0.creates == "idx_mst_pegawai_nama_trgm" })
    #expect(
      index.rows == 2 && index.lock == "SHARE"
        && index.undo == ["DROP INDEX IF EXISTS public.idx_mst_pegawai_nama_trgm"])
    #expect(plan.renames.contains { $0.old == "pegawai_id_seq" && $0.new == "mst_pegawai_id_seq" })
    #expect(plan.inspection.tables.first { $0.legacyName == "roles" }?.rows == 2)
    #expect(plan.inspection.freeBytes ?? 0 > 0 && plan.inspection.databaseBytes > 0)
    #expect(plan.inspection.warnings.contains("provinces has 2 rows; the design expects 34"))
    let again = try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan))
    #expect(again.statements == plan.statements && again.renames == plan.renames)
  }

  @Test(
    "a value that changes during the migration undoes everything, in both modes",
    arguments: [Migrator.Mode.atomic, .phased])
  func lostValue(_ mode: Migrator.Mode) async throws {
    let session = try await LegacyDatabase.session("migrator_lost_\(mode.rawValue)")
    let (catalog, rows) = (try CanonicalCatalog.read(session), try Fingerprint.take(session))
    try session.execute(
      """
      CREATE SCHEMA jahat;
      CREATE FUNCTION jahat.ubah() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT FROM information_schema.columns WHERE column_name = 'foto_checkout_id')
        THEN UPDATE public.trx_absensi SET status = 'x' WHERE id = 1; END IF; END $$;
      CREATE EVENT TRIGGER ubah ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION jahat.ubah()
      """)
    let error = #expect(throws: MigrationFailure.self) {
      try Migrator(session: session, options: options(mode)).run()
    }
    let failure = try #require(error)
    guard case .check("rows and values", let differences) = failure.cause else {
      Issue.record("\(failure)")
      return
    }
    #expect(differences.count == 1 && differences[0].hasPrefix("absensi: 2 rows"))
    #expect(failure.undone == (mode == .phased ? [1, 2, 3] : []) && failure.undoProblem == nil)
    #expect(try Inspector.inspect(session).state == .legacy)
    #expect(CanonicalCatalog.differences(expected: catalog, found: try CanonicalCatalog.read(session)).isEmpty)
    #expect(try Fingerprint.take(session) == rows)
  }

  @Test(
    "a statement that fails is reported; the next run continues from the last commit",
    arguments: [Migrator.Mode.atomic, .phased])
  func failing(_ mode: Migrator.Mode) async throws {
    let session = try await LegacyDatabase.session("migrator_failing_\(mode.rawValue)")
    try session.execute(
      """
      CREATE SCHEMA jahat;
      CREATE FUNCTION jahat.tolak() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF to_regclass('public.mst_kapal') IS NOT NULL THEN RAISE 'tidak boleh'; END IF; END $$;
      CREATE EVENT TRIGGER tolak ON ddl_command_end EXECUTE FUNCTION jahat.tolak()
      """)
    let error = #expect(throws: MigrationFailure.self) {
      try Migrator(session: session, options: options(mode)).run()
    }
    let failure = try #require(error)
    guard case .statement(let sql, let refused) = failure.cause else {
      Issue.record("\(failure)")
      return
    }
    #expect(failure.phase == 5 && sql.hasPrefix("CREATE TABLE public.mst_kapal") && refused.message == "tidak boleh")
    #expect(try Inspector.inspect(session).appliedPhases == (mode == .phased ? [1, 2, 3, 4] : []))
    try session.execute("DROP EVENT TRIGGER tolak")
    _ = try Migrator(session: session, options: options(mode)).run()
    #expect(try Inspector.inspect(session).state == .current)
  }

  @Test("a second migrator is refused, with the session of the first") func second() async throws {
    let conninfo = try await LegacyDatabase.conninfo("migrator_second")
    let session = try Session(.inPublic(conninfo))
    try session.execute("SET application_name = 'pertama'")
    let refusals = Mutex<[String]>([])
    _ = try Migrator(session: session) { event in
      guard case .phaseBegan(let phase) = event, phase.number == 4 else { return }
      do {
        _ = try Migrator(session: try Session(.inPublic(conninfo))).run()
        refusals.withLock { $0.append("none") }
      } catch {
        refusals.withLock { $0.append("\((error as? MigrationRefusal)?.refusals.map(\.reason) ?? []) \(error)") }
      }
    }.run()
    let messages = refusals.withLock { $0 }
    #expect(messages.count == 1 && messages[0].contains("secondMigrator") && messages[0].contains("pertama"))
    // Afterwards the lock is free.
    #expect(try Undo(session: try Session(.inPublic(conninfo))).run().phases.count == Phase.all.count)
  }

  @Test("a lock that is held past the attempts is refused with its holder's name, and nothing is changed")
  func locked() async throws {
    let conninfo = try await LegacyDatabase.conninfo("migrator_locked")
    let session = try Session(.inPublic(conninfo))
    let rows = try Fingerprint.take(session)
    let holder = try Session(.inPublic(conninfo))
    try holder.execute("SET application_name = 'laporan_bulanan'")
    try holder.execute("BEGIN; SELECT count(*) FROM pegawai")
    let recorder = Recorder()
    let error = #expect(throws: MigrationRefusal.self) {
      try Migrator(session: session, options: options(), observer: recorder.put).run()
    }
    let found = try #require(error).refusals
    #expect(found.map(\.reason) == [.locked])
    #expect(found[0].message.contains("laporan_bulanan") && found[0].message.contains("SELECT count(*) FROM pegawai"))
    #expect(recorder.refusedLocks.count == 2 && recorder.refusedLocks.allSatisfy { $0.count == 1 })
    #expect(try Fingerprint.take(session) == rows)
    #expect(try Inspector.inspect(session).state == .legacy)
    withExtendedLifetime(holder) {}
  }

  @Test("a lock that is released between two attempts is taken") func lockedForAWhile() async throws {
    let conninfo = try await LegacyDatabase.conninfo("migrator_patient")
    let session = try Session(.inPublic(conninfo))
    let name = "penahan"
    let holder = try Session(.inPublic(conninfo))
    try holder.execute("SET application_name = '\(name)'; BEGIN; LOCK TABLE roles IN ROW EXCLUSIVE MODE")
    let recorder = Recorder()
    _ = try Migrator(session: session, options: options()) { event in
      recorder.put(event)
      guard case .lockRefused = event, let other = try? Session(.inPublic(conninfo)) else { return }
      _ = try? other.query(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1", [name])
    }.run()
    #expect(recorder.refusedLocks.count == 1)
    #expect(try Inspector.inspect(session).state == .current)
    withExtendedLifetime(holder) {}
  }
}
