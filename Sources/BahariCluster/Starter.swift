import Foundation

/// Brings a server up: makes the data, adopts what runs, or starts it.
struct Starter {
  let layout: Layout
  let account: Account
  let binaries: ServerBinaries
  let durable: Bool

  /// Bytes of log that are kept when the server starts; as much again is kept as `server.log.1`.
  private static let logLimit = 8 * 1_048_576

  /// A killed server's sessions that are about after this are in a long statement, whose answer nobody will hear.
  private static let orphanLimit = Duration.seconds(2)

  /// Text is compared by its bytes, which is fast and the same everywhere; upper and lower case are Unicode's.
  func create() async throws(ClusterError) {
    // What was being made when a process ended.
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

  /// True when a server runs and is ready; false when none does. One that is starting or stopping is waited for,
  /// and so are the sessions of one that was killed: no other starts as long as they have its memory.
  func adopt() async throws(ClusterError) -> Bool {
    let begin = ContinuousClock.now
    while true {
      let server = Postmaster.running(on: layout)
      if server?.isReady == true { return true }
      let orphans = server == nil ? Postmaster.orphans(layout) : []
      if server == nil, orphans.isEmpty { return false }
      let waited = ContinuousClock.now - begin
      // Safe for the data: the next start recovers them from the write-ahead log in any case.
      if waited > Starter.orphanLimit { for orphan in orphans { kill(orphan, SIGKILL) } }
      guard waited < .seconds(Cluster.startSeconds) else { break }
      // How far it is stands in postmaster.pid, and nothing tells when that changes: look again and again.
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

  /// For the shell that `pg_ctl` starts; Layout refuses paths that could break out of the quotes.
  private var options: String {
    var settings = [
      "listen_addresses": "", "unix_socket_directories": "\"\(layout.socket)\"",
      "unix_socket_permissions": "0700", "port": "\(Layout.port)", "cluster_name": "bahari",
      "max_connections": "100", "shared_buffers": "128MB", "TimeZone": "UTC", "log_timezone": "UTC",
      // No values of rows in the log, and nothing in it while all is well.
      "log_error_verbosity": "terse", "log_checkpoints": "off",
    ]
    if !durable {
      settings["fsync"] = "off"
      settings["synchronous_commit"] = "off"
      settings["full_page_writes"] = "off"
    }
    return settings.sorted { $0.key < $1.key }.map { "-c '\($0.key)=\($0.value)'" }.joined(separator: " ")
  }

  private func rotateLog() {
    var info = stat()
    guard stat(layout.log, &info) == 0, info.st_size > Starter.logLimit else { return }
    rename(layout.log, layout.log + ".1")
  }
}
