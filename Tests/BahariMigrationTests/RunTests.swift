import BahariPostgres
import Synchronization
import TestSupport
import Testing

@testable import BahariMigration

@Suite("Run", .offPool) struct RunTests {
  /// Collects what a run reports, and calls a hook with each event.
  final class Observer: MigrationObserver {
    private struct State {
      var events: [RunEvent] = []
      var alerts: [MigrationAlert] = []
    }

    private let state = Mutex(State())
    private let hook: @Sendable (RunEvent) -> Void

    init(_ hook: @escaping @Sendable (RunEvent) -> Void = { _ in }) { self.hook = hook }

    var events: [RunEvent] { state.withLock { $0.events } }
    var alerts: [MigrationAlert] { state.withLock { $0.alerts } }
    var aftermath: Aftermath.State? {
      events.compactMap { if case .aftermath(let state) = $0 { state } else { nil } }.first
    }

    func report(_ event: RunEvent) {
      state.withLock { $0.events.append(event) }
      hook(event)
    }

    func alert(_ alert: MigrationAlert) async { state.withLock { $0.alerts.append(alert) } }

    /// The steps of a run, without the events inside them.
    var steps: [String] {
      var steps: [String] = []
      for event in events {
        let step = "\(event)".prefix { $0 != "(" }
        if steps.last != String(step) { steps.append(String(step)) }
      }
      return steps
    }
  }

  private static let healthy: ServiceCheck = { _ in ServiceAnswers(answered: 22, faults: []) }

  private func options(_ mode: Migrator.Mode = .atomic) -> MigrationRun.Options {
    var options = MigrationRun.Options()
    (options.migrator.mode, options.migrator.lockAttempts, options.statementLog) = (mode, 3, "/tmp/a.log")
    return options
  }

  /// The first of the statements that contain the text fails with this code, as often as `times` says.
  private func plant(_ code: String, at text: String, times: Int, _ session: Session) throws {
    try session.execute(
      """
      CREATE SCHEMA jahat; CREATE SEQUENCE jahat.kali;
      CREATE FUNCTION jahat.tolak() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF current_query() LIKE '%\(text)%' AND nextval('jahat.kali') <= \(times)
        THEN RAISE 'tidak boleh' USING ERRCODE = '\(code)'; END IF; END $$;
      CREATE EVENT TRIGGER tolak ON ddl_command_end EXECUTE FUNCTION jahat.tolak()
      """)
  }

  @Test("A run plans, measures, migrates and verifies, in this order, and its report has all of it")
  func whole() async throws {
    let conninfo = try Conninfo(try await LegacyDatabase.conninfo("run_whole"))
    let observer = Observer()
    var run = MigrationRun(conninfo, options: options(), services: Self.healthy, observer: observer)
    let (outcome, report) = await run.run()
    #expect(outcome == .done && report.exitCode == 0 && report.error == nil, "\(report.error ?? "")")
    #expect(
      observer.steps == [
        "planned", "backupSkipped", "measuring", "migration", "migrated", "verifying", "verified",
      ])
    let summary = try #require(report.migration)
    #expect(summary.committedPhases == Phase.all.map(\.number) && summary.windows.count == 1)
    #expect(summary.phases.map(\.number) == summary.committedPhases && summary.lockedSeconds > 0)
    #expect(report.verification?.services == 22 && report.baseline?.reads.count == 3)
    let ticked = report.checklists.flatMap(\.items).filter { $0.evidence != nil }
    #expect(ticked.contains { $0.text == "Smoke tests run" && $0.evidence == "List and Get of 22 services" })
    #expect(ticked.contains { $0.text == "Migration script executed" && $0.evidence?.contains("/tmp/a.log") == true })
    #expect(!ticked.contains { $0.text.contains("Backup") })
    #expect(observer.alerts.isEmpty)

    let undo = await UndoRun(conninfo, options: options().migrator, observer: observer).run()
    #expect(undo.outcome == .done && undo.report?.undone.phases == Phase.all.map(\.number).reversed())
    #expect(undo.report?.statements.windows.count == 1)
  }

  @Test("A service that fails is a reason for a rollback, and the administrator is alerted") func service() async throws
  {
    let conninfo = try Conninfo(try await LegacyDatabase.conninfo("run_service"))
    let observer = Observer()
    let services: ServiceCheck = { _ in ServiceAnswers(answered: 21, faults: ["KapalService/List: INTERNAL"]) }
    var run = MigrationRun(conninfo, options: options(), services: services, observer: observer)
    let (outcome, report) = await run.run()
    #expect(outcome == .rollbackAdvised && report.exitCode == 8)
    #expect(observer.alerts.map(\.message).joined().contains("KapalService/List: INTERNAL"))
    #expect(!report.checklists.flatMap(\.items).contains { $0.text == "Smoke tests run" && $0.evidence != nil })
  }

  @Test("A refused run reports the plan's reasons, alerts, and changes nothing") func refused() async throws {
    let conninfo = try Conninfo(try await LegacyDatabase.conninfo("run_refused"))
    let session = try Session(.inPublic(conninfo.text))
    try session.execute("CREATE TABLE mst_kapal (id int)")
    let observer = Observer()
    var run = MigrationRun(conninfo, options: options(), services: Self.healthy, observer: observer)
    let (outcome, report) = await run.run()
    #expect(outcome == .refused && report.error?.contains("mst_kapal") == true)
    #expect(observer.steps == ["planned", "failed"] && observer.alerts.count == 1)
    #expect(try Inspector.inspect(session).state == .legacy)
  }

  @Test("A run that lost against the locks of others is repeated as a whole") func repeated() async throws {
    let conninfo = try Conninfo(try await LegacyDatabase.conninfo("run_repeated"))
    let session = try Session(.inPublic(conninfo.text))
    try plant("40P01", at: "RENAME TO mst_role", times: 2, session)
    let observer = Observer()
    var run = MigrationRun(conninfo, options: options(), services: Self.healthy, observer: observer)
    let (outcome, report) = await run.run()
    #expect(outcome == .done, "\(report.error ?? "")")
    let attempts = observer.events.compactMap { if case .repeating(let attempt, _, _) = $0 { attempt } else { nil } }
    #expect(attempts == [1, 2])
    // The tables were locked in each of the three attempts.
    #expect(report.migration?.windows.count == 3 && report.migration?.committedPhases.count == Phase.all.count)
  }

  @Test(
    "A failure is found out in the database: rolled back, or stopped between phases",
    arguments: [Migrator.Mode.atomic, .phased])
  func failing(_ mode: Migrator.Mode) async throws {
    let conninfo = try Conninfo(try await LegacyDatabase.conninfo("run_failing_\(mode.rawValue)"))
    let session = try Session(.inPublic(conninfo.text))
    try plant("P0001", at: "RENAME TO trx_absensi", times: 9, session)
    let observer = Observer()
    var run = MigrationRun(conninfo, options: options(mode), services: Self.healthy, observer: observer)
    let (outcome, report) = await run.run()
    #expect(outcome == (mode == .atomic ? .rolledBack : .stoppedBetweenPhases))
    #expect(observer.aftermath == (mode == .atomic ? .asBefore : .between(phases: [1, 2])))
    #expect(report.error?.contains("tidak boleh") == true && report.verification == nil)
    let alert = try #require(observer.alerts.first)
    #expect(alert.phase == 3 && alert.statement == "ALTER TABLE public.absensi RENAME TO trx_absensi")
    #expect(report.checklists.flatMap(\.items).first { $0.text == "Migration script executed" }?.evidence == nil)
  }

  @Test("A connection that breaks before the commit leaves the database as it was") func broken() async throws {
    let conninfo = try Conninfo(try await LegacyDatabase.conninfo("run_broken"))
    let observer = Observer { event in
      guard case .migration(.phaseBegan(.newColumns)) = event else { return }
      #expect(throws: Never.self) {
        let other = try Session(.inPublic(conninfo.text))
        try other.query(
          """
          SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
          WHERE datname = current_database() AND state LIKE 'idle in transaction%'
          """)
      }
    }
    var run = MigrationRun(conninfo, options: options(), services: Self.healthy, observer: observer)
    let (outcome, _) = await run.run()
    #expect(outcome == .rolledBack && observer.aftermath == .asBefore)
  }
}
