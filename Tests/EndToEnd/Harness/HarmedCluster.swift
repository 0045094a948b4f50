import BahariCluster
import BahariPostgres
import Foundation
import Synchronization
import TestSupport

/// A PostgreSQL cluster of a test's own, whose processes are killed or stopped.
final class HarmedCluster: Sendable {
  let conninfo: String
  private let folder: String
  private let binaries: ServerBinaries
  private let postmaster: PostmasterFile
  private let cluster: Mutex<Cluster?>

  private let durable: Bool

  /// - Parameter durable: Whether the data survive a power cut, too. A killed process loses nothing in either case.
  init(durable: Bool = true) async throws {
    let folder = try TemporaryFolder.make()
    binaries = try await ServerBinaries.find()
    try Reaper.watch(folder, binaries: binaries)
    self.durable = durable
    let cluster = try await Cluster.start(in: folder, durable: durable)
    (self.folder, conninfo) = (cluster.folder, cluster.conninfo)
    postmaster = PostmasterFile(in: cluster.folder)
    self.cluster = Mutex(cluster)
  }

  @discardableResult
  func sql(_ text: String) async throws -> String { try await Psql.run(text, conninfo: conninfo, binaries: binaries) }

  func stop() async throws { try await cluster.withLock(\.self)?.stop(.immediate) }

  // MARK: Harm

  /// Kills the first process and, after `pause`, starts the cluster again. Counts from when it takes connections.
  func killPostmaster(away pause: Duration) async throws -> Harm {
    guard let process = postmaster.process, process > 1 else { throw Trouble("postmaster.pid names no process") }
    guard kill(process, SIGKILL) == 0 else { throw Trouble("the postmaster \(process) cannot be killed") }
    try await Task.sleep(for: pause)
    async let ready = postmaster.ready(after: process)
    try await startAgain()
    return Harm(effect: try await ready)
  }

  /// Starts it after a kill, again until it starts.
  private func startAgain() async throws {
    // The next start wants the lock that goes with the value.
    cluster.withLock { $0 = nil }
    var failure: (any Error)?
    do {
      try await eventually("the start of a killed PostgreSQL", within: 120) {
        do {
          let started = try await Cluster.start(in: folder, durable: durable)
          // A killed process exists for a moment longer and can look like a running one.
          guard !started.wasAdopted else { return false }
          cluster.withLock { $0 = started }
          return true
        } catch let error as ClusterError {
          failure = error
          return false
        }
      }
    } catch let late { throw failure ?? late }
  }

  /// Kills one of the daemon's sessions, which makes PostgreSQL end all sessions and recover. Counts from the kill.
  func killSession(_ random: inout Seeded) async throws -> Harm {
    let query = "SELECT pid FROM pg_stat_activity WHERE application_name = 'baharid' ORDER BY pid"
    var sessions: [pid_t] = []
    try await eventually("sessions of the daemon") {
      sessions = (try? await sql(query))?.split(separator: "\n").compactMap { pid_t($0) } ?? []
      return !sessions.isEmpty
    }
    guard let session = sessions.randomElement(using: &random) else { throw Trouble("the daemon has no session") }
    let begin = ContinuousClock.now
    guard kill(session, SIGKILL) == 0 else { throw Trouble("the session \(session) cannot be killed") }
    // For a moment the others answer as if nothing had happened.
    try await eventually("the end of all sessions") { sessions.allSatisfy { kill($0, 0) != 0 } }
    let effect = ContinuousClock.now
    try await eventually("PostgreSQL's recovery") {
      (try? Session(ConnectionOptions(conninfo: conninfo))) != nil
    }
    return Harm(effect: effect, begin: begin, server: .now)
  }

  /// Stops every process for `time`, with all connections open. Counts from the moment at which they continue.
  func standStill(for time: Duration) async throws -> Harm {
    defer { for process in processes { kill(process, SIGCONT) } }
    // The postmaster may have made one more while the others were stopped.
    for _ in 0..<3 { for process in processes { kill(process, SIGSTOP) } }
    try await Task.sleep(for: time)
    return Harm(effect: .now)
  }

  private var processes: [pid_t] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { pid_t($0) }.filter { process in
      let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
      guard place == folder + "/data" else { return false }
      return (try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)) == "postgres\n"
    }
  }
}
