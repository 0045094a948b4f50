import BahariMigration
import BahariPostgres
import Foundation
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
  /// The old application keeps working while its tables are renamed, and renamed back.
  @Suite(.startsDaemons) struct MigrateOldClients {
    @Test("Clients with prepared statements on the old names read and write through a run and an undo")
    func throughIt() async throws {
      let old = try await OldDatabase("migrate_clients")
      let clients = try (1...3).map { try OldClient(old.conninfo, number: $0) }
      for client in clients { client.start() }
      defer { for client in clients { client.stop() } }
      try await eventually("statements before") { clients.allSatisfy { $0.done > 20 } }
      let reports = try Place.fresh("reports")
      let ran = try await old.migrate("run", "--no-backup", "--report-dir", reports, "--json")
      #expect(ran.exit == 0, "\(ran.output) \(ran.error)")
      let window = try windows(ran, "migration")
      let between = clients.map(\.done)
      try await eventually("statements after") { zip(clients, between).allSatisfy { $0.done > $1 + 20 } }
      let undone = try await old.migrate("undo", "--json")
      #expect(undone.exit == 0, "\(undone.error)")
      let undoWindow = try windows(undone, "statements")
      let last = clients.map(\.done)
      try await eventually("statements after the undo") { zip(clients, last).allSatisfy { $0.done > $1 + 20 } }
      for client in clients {
        client.stop()
        client.waitForEnd()
        let rows = try await old.sql("SELECT count(*) FROM absensi WHERE status = 'lama \(client.number)'")
        #expect(Int(rows) == client.written)
      }
      let failures = clients.flatMap(\.failures)
      let outside = failures.filter { failure in
        !(window + undoWindow).contains { $0.from < failure.to && failure.from < $0.to }
      }
      #expect(outside.isEmpty, "\(outside.map(\.text))")
      let statements = clients.reduce(0) { $0 + $1.done }
      let longest = clients.map(\.longest).max() ?? 0
      func length(_ windows: [Window]) -> Int { Int(windows.reduce(0) { $0 + $1.to - $1.from } * 1_000) }
      print(
        "old clients: \(statements) statements; failed while tables were locked: \(failures.count - outside.count), else: "
          + "\(outside.count); the longest took \(Int(longest * 1_000)) ms; tables were locked for \(length(window)) ms "
          + "by the run and \(length(undoWindow)) ms by the undo")
    }

    private struct Window {
      let from: Double
      let to: Double
    }

    private func windows(_ ran: Ran, _ key: String) throws -> [Window] {
      let summary = try #require(try ran.json[key] as? [String: Any])
      let windows = try #require(summary["windows"] as? [[String: Double]])
      #expect(!windows.isEmpty)
      return windows.map { Window(from: $0["from"] ?? 0, to: $0["to"] ?? 0) }
    }
  }
}

/// A client that uses only the old names. It connects and prepares its statements before the migration.
///
/// `@unchecked Sendable`: only the client's own thread uses the session.
private final class OldClient: @unchecked Sendable {
  struct Failure {
    let text: String
    /// Seconds since 1970.
    let from: Double
    let to: Double
  }

  private struct State {
    var done = 0
    var written = 0
    var failures: [Failure] = []
    var longest = 0.0
    var isStopped = false
  }

  let number: Int
  private let session: Session
  private let state = Mutex(State())
  private let ended = DispatchSemaphore(value: 0)

  init(_ conninfo: String, number: Int) throws {
    self.number = number
    session = try Session(.inPublic(conninfo))
    try session.execute(
      """
      PREPARE baca AS SELECT p.nama, o.nama_organisasi FROM pegawai p JOIN organisasi o ON o.id = p.organisasi_id
        WHERE p.id = $1;
      PREPARE daftar AS SELECT count(*) FROM villages v JOIN districts d ON d.id = v.district_id;
      PREPARE tulis AS INSERT INTO absensi (date, nip, checkin, ci_latitude, ci_longitude, status)
        SELECT '2024-05-01', nip, '2024-05-01 01:00', 1, 100, $1 FROM pegawai ORDER BY id LIMIT 1;
      PREPARE ubah AS UPDATE roles SET keterangan = $1 WHERE id = $2;
      """)
  }

  var done: Int { state.withLock { $0.done } }
  var written: Int { state.withLock { $0.written } }
  var failures: [Failure] { state.withLock { $0.failures } }
  var longest: Double { state.withLock { $0.longest } }

  func start() {
    Thread.detachNewThread { [self] in
      while !state.withLock({ $0.isStopped }) {
        run("EXECUTE baca (1)")
        run("EXECUTE daftar")
        if run("EXECUTE tulis ('lama \(number)')") { state.withLock { $0.written += 1 } }
        run("EXECUTE ubah ('\(done)', \(number))")
      }
      ended.signal()
    }
  }

  func stop() { state.withLock { $0.isStopped = true } }

  func waitForEnd() { ended.wait() }

  @discardableResult
  private func run(_ sql: String) -> Bool {
    let (begin, from) = (ContinuousClock.now, Date.now.timeIntervalSince1970)
    do {
      try session.execute(sql)
      state.withLock { state in
        state.done += 1
        state.longest = max(state.longest, (ContinuousClock.now - begin) / .seconds(1))
      }
      return true
    } catch {
      let failure = Failure(
        text: "\(sql): \(error.sqlState) \(error.message)", from: from, to: Date.now.timeIntervalSince1970)
      state.withLock { $0.failures.append(failure) }
      return false
    }
  }
}
