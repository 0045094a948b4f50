import BahariMigration
import BahariPostgres
import Foundation
import TestSupport
import Testing

/// The process that is killed.
enum CrashVictim: CaseIterable, CustomStringConvertible {
  case migrator
  /// A process of the server: the others end with it, and the server recovers.
  case server

  var description: String { self == .migrator ? "the migrator" : "PostgreSQL" }
}

/// A migrator that waits before the statement of its crash point.
struct CrashRun: Sendable {
  var track: CrashTrack
  let child: Child
  let steps: StepListener

  /// Starts it and returns when it has reached the crash point.
  init(_ track: CrashTrack) async throws {
    guard let point = track.point else { throw Trouble("no crash point is left in \(track.old.name)") }
    self.track = track
    steps = try StepListener()
    let reports = track.arguments[0] == "run" ? ["--report-dir", "\(try Place.scratch.get())/crash-reports"] : []
    child = try Child(
      "baharid",
      ["migrate"] + track.arguments + ["--database", track.old.conninfo, "--step-socket", steps.path] + reports)
    guard let statement = try await steps.next(after: point.after) else {
      throw Trouble("\(track.arguments) ended before statement \(point.after): \(child.standardError)")
    }
    // An undo has no phases: its statements have the number 0.
    let phase = Int(statement.prefix { $0 != " " }) ?? -1
    let isUndo = track.arguments[0] == "undo"
    let isPhased = track.arguments.contains("--phased")
    guard isUndo ? phase == 0 : !isPhased || phase == point.state.phases.count + 1 else {
      throw Trouble("\(track.arguments) is at \(statement), not in the phase after \(point.state.phases)")
    }
  }
}

/// A cluster of its own, with databases of the old service in which migrations are killed.
final class CrashSite {
  /// Never migrated itself.
  let original: OldDatabase
  private let cluster: HarmedCluster
  private let server: Conninfo

  init() async throws {
    cluster = try await HarmedCluster(durable: false)
    server = try Conninfo(cluster.conninfo)
    original = OldDatabase("bahari", cluster.conninfo)
    let session = try original.session()
    // Without durability a commit would be acknowledged before it is written, and a killed server could lose it.
    try session.execute("ALTER ROLE CURRENT_USER SET synchronous_commit = on; SET synchronous_commit = on")
    try OldDatabase.fill(session)
  }

  func copy(_ name: String, of source: OldDatabase) async throws -> OldDatabase {
    // Sessions in the source that were just closed are still there for a moment.
    try await eventually("a copy of \(source.name)") {
      let session = try Session(ConnectionOptions(conninfo: server.database("postgres").text))
      do {
        try session.execute("CREATE DATABASE \(name) TEMPLATE \(source.name)")
      } catch let error as PostgresError where error.sqlState.code == "55006" {
        return false
      }
      // Or a recovery would skip some numbers of the sequences, as PostgreSQL may.
      try session.execute("CHECKPOINT")
      return true
    }
    return OldDatabase(name, server.database(name).text)
  }

  /// Kills the migrators, or one of their sessions and with it the server. Returns when all of them have ended, and
  /// their sessions, too.
  func kill(_ victim: CrashVictim, _ runs: [CrashRun]) async throws {
    let monitor = try Session(ConnectionOptions(conninfo: server.database("postgres").text))
    let find = """
      SELECT pid FROM pg_stat_activity WHERE application_name = 'baharid' AND state = 'idle in transaction'
        AND datname = ANY (string_to_array($1, ','))
      """
    let names = runs.map(\.track.old.name).joined(separator: ",")
    let sessions = try monitor.query(find, [names])
    guard sessions.count == runs.count, let session = sessions.int32(0, 0) else {
      throw Trouble("\(sessions.count) sessions migrate, and \(runs.count) should")
    }
    switch victim {
    case .migrator:
      for run in runs { run.child.signal(SIGKILL) }
      for run in runs { #expect(try await run.child.end() == -SIGKILL) }
      try await eventually("the end of the sessions") { try monitor.query(find, [names]).count == 0 }
    case .server:
      guard Glibc.kill(session, SIGKILL) == 0 else { throw Trouble("the session \(session) cannot be killed") }
      for run in runs { run.steps.hangUp() }
      for run in runs {
        let exit = try await run.child.end()
        // Rolled back, or stopped between phases.
        #expect([4, 5].contains(exit), "\(exit): \(run.child.standardOutput) \(run.child.standardError)")
      }
    }
  }
}
