import Foundation
import Synchronization
import TestSupport
import Testing

@testable import BahariCluster

/// A server that ends while `keepRunning` watches it.
@Suite("Supervision", .ownClusters) struct SupervisionTests {
  /// The reports of `keepRunning`.
  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  private func folder() async throws -> String {
    let folder = try TemporaryFolder.make()
    try Reaper.watch(folder, binaries: try await ServerBinaries.find())
    return folder
  }

  private func answers(_ cluster: Cluster) async -> Bool {
    (try? await Psql.run("SELECT 1", conninfo: cluster.conninfo, binaries: cluster.binaries)) == "1"
  }

  @Test("a session in the middle of a statement does not hinder the next start") func orphan() async throws {
    let folder = try await folder()
    let cluster = try await Cluster.start(in: folder)
    let lines = Lines()
    let keeping = Task { await cluster.keepRunning { lines.add($0) } }
    // While it counts it does not notice that its server has ended.
    let counting = Task {
      _ = try? await Psql.run(
        "SET max_parallel_workers_per_gather = 0;\nSELECT count(*) FROM generate_series(1, 1e12::bigint) n;",
        conninfo: cluster.conninfo, binaries: cluster.binaries)
    }
    let running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%1e12%' AND pid <> pg_backend_pid()"
    try await eventually("a session that counts") {
      try await Psql.run(running, conninfo: cluster.conninfo, binaries: cluster.binaries) == "1"
    }
    let server = try #require(Postmaster.running(on: cluster.starter.layout)).process
    #expect(kill(server, SIGKILL) == 0)
    await counting.value
    try await eventually("another server") {
      guard let other = Postmaster.running(on: cluster.starter.layout) else { return false }
      return other.process != server && other.isReady
    }
    #expect(await answers(cluster))
    try await eventually("a line") { !lines.all.isEmpty }
    keeping.cancel()
    await keeping.value
    #expect(lines.all.count == 1 && lines.all[0].contains(folder), "\(lines.all)")
    try await cluster.stop(.immediate)
  }

  @Test("a server that cannot start is reported once, and started when it can") func cannotStart() async throws {
    let folder = try await folder()
    let cluster = try await Cluster.start(in: folder, durable: false)
    try await Psql.run(
      "ALTER SYSTEM SET shared_preload_libraries = 'no_such_library'", conninfo: cluster.conninfo,
      binaries: cluster.binaries)
    try await cluster.stop()
    let lines = Lines()
    let keeping = Task { await cluster.keepRunning { lines.add($0) } }
    let log = { (try? String(contentsOfFile: cluster.logFile, encoding: .utf8)) ?? "" }
    try await eventually("three attempts") { log().components(separatedBy: "no_such_library\"").count > 3 }
    #expect(lines.all.count == 1 && lines.all.allSatisfy { $0.contains("no_such_library") }, "\(lines.all)")
    try FileManager.default.removeItem(atPath: folder + "/data/postgresql.auto.conf")
    try await eventually("a server that answers") { await answers(cluster) }
    try await eventually("a second line") { lines.all.count == 2 }
    keeping.cancel()
    await keeping.value
    try await cluster.stop(.immediate)
  }

  @Test("once cancelled, it starts no server any more") func cancelled() async throws {
    let folder = try await folder()
    let cluster = try await Cluster.start(in: folder, durable: false)
    let keeping = Task { await cluster.keepRunning { _ in } }
    keeping.cancel()
    try await cluster.stop(.immediate)
    await keeping.value
    #expect(Postmaster.running(on: cluster.starter.layout) == nil)
  }

  @Test("pauses double up to a limit, and there is none after a long life") func pauses() {
    var pause = RestartPause()
    #expect(pause.next(after: RestartPause.longLife) == .zero)
    for middle in [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000] {
      let next = pause.next(after: .zero)
      #expect(.milliseconds(middle * 3 / 4)...(.milliseconds(middle * 5 / 4)) ~= next, "\(next)")
    }
    #expect(pause.next(after: RestartPause.longLife) == .zero)
    let drawn = Set(
      (0..<20).map { _ in
        var pause = RestartPause()
        return pause.next(after: .zero)
      })
    #expect(drawn.count > 1)
  }
}
