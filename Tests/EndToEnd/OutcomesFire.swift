import BahariPostgres
import Foundation
import TestSupport

/// Ends sessions of the daemon, cancels their statements and kills PostgreSQL, until `stop`.
final class OutcomeFire: Sendable {
  private let cluster: HarmedCluster
  private let isOver = Flag()
  private let sessions: Counter
  private let kills: Counter

  init(_ cluster: HarmedCluster) { (self.cluster, sessions, kills) = (cluster, Counter(), Counter()) }

  func stop() { isOver.raise() }

  var summary: String { "\(sessions.value) times sessions ended, \(kills.value) times PostgreSQL killed" }

  /// Ends sessions every few moments.
  func endSessions(_ seed: UInt64) async throws {
    var random = Seeded(seed)
    var session: Session?
    while !isOver.isUp {
      try await Task.sleep(for: .milliseconds(Int.random(in: 20...400, using: &random)))
      do {
        let own = try session ?? Session(ConnectionOptions(conninfo: cluster.conninfo))
        session = own
        let function = Int.random(in: 0..<3, using: &random) == 0 ? "pg_cancel_backend" : "pg_terminate_backend"
        // One that is at work, one of all, or all of them.
        let choice = ["state <> 'idle' LIMIT 1", "true ORDER BY random() LIMIT 1", "true"]
        let some = choice[Int.random(in: 0..<10, using: &random) % 4 % 3]
        try own.query(
          "SELECT \(function)(pid) FROM (SELECT pid FROM pg_stat_activity WHERE application_name = 'baharid' "
            + "AND pid <> pg_backend_pid() AND \(some)) s")
        sessions.add()
      } catch {
        // PostgreSQL is away at the moment.
        session = nil
      }
    }
  }

  /// Kills PostgreSQL as often, spread over the load: its first process, or a session, after which it ends all sessions
  /// and recovers by itself.
  func killPostgreSQL(_ times: Int, _ seed: UInt64, during shots: OutcomeShots) async throws {
    var random = Seeded(seed)
    for time in 1...max(times, 1) where times > 0 {
      try await eventually("more of the load") { isOver.isUp || shots.progress > Double(time) / Double(times + 1) }
      if isOver.isUp { return }
      if time.isMultiple(of: 2) {
        _ = try await cluster.killSession(&random)
      } else {
        _ = try await cluster.killPostmaster(away: .zero)
      }
      kills.add()
    }
  }
}
