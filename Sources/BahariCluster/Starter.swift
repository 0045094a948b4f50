import Foundation

/// Creates a cluster's data, adopts a running server, or starts one.
struct Starter {
  let layout: Layout
  let account: Account
  let binaries: ServerBinaries
  let durable: Bool

  /// The largest size of the log in bytes. A larger log is renamed to `server.log.1` when the server starts.
  private static let logLimit = 8 * 1_048_576

  /// The time after which sessions of a killed server are killed, too. They are in a long statement then, whose result
  /// no client will get.
  private static let orphanLimit = Duration.seconds(2)

  /// Creates the cluster's data. Text is compared by its bytes, which is fast and the same on every machine; conversion
  /// between upper and lower case follows Unicode.
  func create() async throws(ClusterError) {
    // A process that ended during initdb leaves an incomplete folder, which is removed first.
    try await Tool(path: "/bin/rm", account: account).run(["-rf", "--", layout.unfinished])
    try await binaries.tool("initdb", as: account).run(
      [
        "-D", layout.unfinished, "-U", Cluster.user, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
        "--lc-collate=C", "--lc-messages=C",
      ] + (durable ? [] : ["--no-sync"]))
    try await binaries.tool("postgres", as: account).run(
      ["--single", "-D", layout.unfinished, "-c", "exit_on_error=on", "postgres"],
      input: "CREATE DATABASE \(Cluster.database)\n")
    guard rename(layout.unfinished, layout.data) == 0 else {
      throw .system("rename \(layout.unfinished) to", path: layout.data, code: errno)
    }
  }

  /// Returns true when a server runs and is ready, and false when none runs. Waits for a server that is starting or
  /// stopping. Also waits for the sessions of a server that was killed: no other server can start while they use its
  /// shared memory.
  func adopt() async throws(ClusterError) -> Bool {
    let begin = ContinuousClock.now
    while true {
      let server = Postmaster.running(on: layout)
      if server?.isReady == true { return true }
      let orphans = server == nil ? Postmaster.orphans(layout) : []
      if server == nil, orphans.isEmpty { return false }
      let waited = ContinuousClock.now - begin
      // Killing these sessions loses no data: the next start recovers the data from the write-ahead log in any case.
      if waited > Starter.orphanLimit { for orphan in orphans { kill(orphan, SIGKILL) } }
      guard waited < .seconds(Cluster.startSeconds) else { break }
      // The status in postmaster.pid is polled, because no event reports a change.
      do { try await Task.sleep(for: .milliseconds(20)) } catch { throw .cancelled(layout.folder) }
    }
    throw .notReady(layout.folder, seconds: Cluster.startSeconds)
  }

  func start() async throws(ClusterError) {
    Postmaster.removeMistaken(layout)
    rotateLog()
    let output = try await binaries.tool("pg_ctl", as: account).output([
      "start", "-w", "-t", "\(Cluster.startSeconds)", "-D", layout.data, "-l", layout.log, "-o", options,
    ])
    guard output.succeeded else {
      let log = (try? String(contentsOfFile: layout.log, encoding: .utf8)) ?? ""
      throw .tool("pg_ctl start", lines: "\(Tool.lastLines(output.text))\n\(layout.log):\n\(Tool.lastLines(log))")
    }
  }

  /// The server's settings as arguments for the shell that `pg_ctl` starts. `Layout` refuses paths that could end the
  /// quotes around a setting.
  private var options: String {
    var settings = [
      "listen_addresses": "", "unix_socket_directories": "\"\(layout.socket)\"",
      "unix_socket_permissions": "0700", "port": "\(Layout.port)", "cluster_name": "bahari",
      "max_connections": "100", "shared_buffers": "128MB", "TimeZone": "UTC", "log_timezone": "UTC",
      // These settings keep values of rows out of the log, and keep the log empty in normal operation.
      "log_error_verbosity": "terse", "log_checkpoints": "off",
    ]
    if !durable {
      settings["fsync"] = "off"
      settings["synchronous_commit"] = "off"
      settings["full_page_writes"] = "off"
      // Many tests use such a cluster at the same time, so they need more connections.
      settings["max_connections"] = "400"
    }
    return settings.sorted { $0.key < $1.key }.map { "-c '\($0.key)=\($0.value)'" }.joined(separator: " ")
  }

  private func rotateLog() {
    var info = stat()
    guard stat(layout.log, &info) == 0, info.st_size > Starter.logLimit else { return }
    rename(layout.log, layout.log + ".1")
  }
}
