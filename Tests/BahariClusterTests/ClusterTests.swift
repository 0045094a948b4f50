import BahariCluster
import Foundation
import TestSupport
import Testing

/// The account that runs PostgreSQL for root. Looked up once: the C library has one buffer for all threads.
let serverAccount: (uid_t, gid_t)? = {
  guard let entry = getpwnam("postgres") ?? getpwnam("nobody") else { return nil }
  return (entry.pointee.pw_uid, entry.pointee.pw_gid)
}()

private let turns = Turns(2)
private let threads = BlockingExecutor(threads: 2)

extension Trait where Self == OffPool {
  /// For suites whose tests make clusters.
  static var ownClusters: OffPool { .offPool(threads, atOnce: turns) }
}

/// Real clusters: few at a time, since making one keeps both processors busy for a while.
@Suite("Cluster", .ownClusters) struct ClusterTests {
  /// A folder that the reaper deletes, its server stopped, when the tests end.
  private func folder() async throws -> String {
    let folder = try TemporaryFolder.make()
    try Reaper.watch(folder, binaries: try await ServerBinaries.find())
    return folder
  }

  @discardableResult
  private func rows(_ sql: String, _ cluster: Cluster) async throws -> String {
    try await Psql.run(sql, conninfo: cluster.conninfo, binaries: cluster.binaries)
  }

  @Test("rows are still there after a stop and a start") func keepsData() async throws {
    let folder = try await folder()
    do {
      let cluster = try await Cluster.start(in: folder, durable: false)
      #expect(!cluster.wasAdopted)
      try await rows("CREATE TABLE ikan (id int); INSERT INTO ikan VALUES (7);", cluster)
      try await cluster.stop()
      // Stopping a stopped cluster is not an error.
      try await cluster.stop()
      await #expect(throws: Psql.Failure.self) { try await rows("SELECT 1", cluster) }
    }
    let cluster = try await Cluster.start(in: folder, durable: false)
    #expect(!cluster.wasAdopted)
    #expect(try await rows("SELECT id FROM ikan", cluster) == "7")
    try await cluster.stop()
  }

  @Test("it is private, UTF-8, compares by bytes and logs no values") func settings() async throws {
    let folder = try await folder()
    let cluster = try await Cluster.start(in: folder)
    let settings = [
      "listen_addresses": "", "server_encoding": "UTF8", "lc_collate": "C", "lc_ctype": "C.UTF-8", "fsync": "on",
      "synchronous_commit": "on", "full_page_writes": "on", "max_connections": "100", "shared_buffers": "128MB",
      "log_error_verbosity": "terse", "TimeZone": "UTC", "unix_socket_permissions": "0700",
    ]
    for (name, value) in settings {
      #expect(try await rows("SHOW \(name)", cluster) == value, "\(name)")
    }
    #expect(try await rows("SELECT current_user, current_database()", cluster) == "bahari|bahari")
    for path in [folder, folder + "/socket", folder + "/data"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o700, "\(path)")
    }
    #expect(FileManager.default.fileExists(atPath: cluster.logFile))
    try await cluster.stop()
  }

  @Test("a running cluster is refused while its process lives, and adopted afterwards") func adoption() async throws {
    let folder = try await folder()
    let started: String
    do {
      let first = try await Cluster.start(in: folder, durable: false)
      started = try await rows("SELECT pg_postmaster_start_time()", first)
      await #expect(throws: ClusterError.inUse(folder, by: getpid())) { try await Cluster.start(in: folder) }
      // The lock is held until here. It is released with the value, as it is when a process crashes.
      withExtendedLifetime(first) {}
    }
    let second = try await Cluster.start(in: folder, durable: false)
    #expect(second.wasAdopted)
    #expect(try await rows("SELECT pg_postmaster_start_time()", second) == started)
    try await second.stop()
  }

  @Test("a postmaster.pid and an incomplete cluster that a crash left do not hinder the next start") func afterACrash()
    async throws
  {
    let folder = try await folder()
    try FileManager.default.createDirectory(atPath: folder + "/data.unfinished", withIntermediateDirectories: true)
    // The folder is not empty any more, so it has to belong to the account, as after a crash.
    try giveToServerAccount([folder, folder + "/data.unfinished"])
    do {
      let cluster = try await Cluster.start(in: folder, durable: false)
      try await cluster.stop(.immediate)
    }
    #expect(!FileManager.default.fileExists(atPath: folder + "/data.unfinished"))
    // The number of a running process that is not a server.
    let stale = "\(getpid())\n\(folder)/data\n1\n5432\n\(folder)/socket\n\n  1 1\nready   \n"
    try stale.write(toFile: folder + "/data/postmaster.pid", atomically: false, encoding: .utf8)
    let lock = folder + "/socket/.s.PGSQL.5432.lock"
    try stale.write(toFile: lock, atomically: false, encoding: .utf8)
    try giveToServerAccount([folder + "/data/postmaster.pid", lock])
    let cluster = try await Cluster.start(in: folder, durable: false)
    #expect(!cluster.wasAdopted)
    #expect(try await rows("SELECT 1", cluster) == "1")
    try await cluster.stop()
  }

  @Test("committed rows are there after the server was killed") func killedServer() async throws {
    let folder = try await folder()
    do {
      let cluster = try await Cluster.start(in: folder)
      try await rows("CREATE TABLE ikan AS SELECT 7 AS id", cluster)
      let first = try String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8).prefix { $0 != "\n" }
      let server = try #require(pid_t(first))
      #expect(kill(server, SIGKILL) == 0)
      // While it runs it would be adopted. Only its parent gets an event when it ends.
      try await eventually("the end of the server") {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(server)/cwd")) == nil
      }
    }
    let cluster = try await Cluster.start(in: folder)
    #expect(!cluster.wasAdopted)
    #expect(try await rows("SELECT id FROM ikan", cluster) == "7")
    try await cluster.stop()
  }

  @Test("the error of a server that cannot start has the last lines of its log") func logLines() async throws {
    let folder = try await folder()
    do {
      let cluster = try await Cluster.start(in: folder, durable: false)
      try await rows("ALTER SYSTEM SET shared_preload_libraries = 'no_such_library'", cluster)
      try await cluster.stop()
    }
    let error = await #expect(throws: ClusterError.self) { try await Cluster.start(in: folder, durable: false) }
    #expect(error?.description.contains("no_such_library") == true)
  }

  @Test("a cancelled caller still stops it") func stopWhenCancelled() async throws {
    let folder = try await folder()
    let cluster = try await Cluster.start(in: folder, durable: false)
    let stopping = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await cluster.stop()
    }
    try await stopping.value
    #expect(!FileManager.default.fileExists(atPath: folder + "/data/postmaster.pid"))
  }

  private func giveToServerAccount(_ paths: [String]) throws {
    guard geteuid() == 0 else { return }
    let (user, group) = try #require(serverAccount)
    for path in paths { #expect(chown(path, user, group) == 0) }
  }
}
