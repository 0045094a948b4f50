import BahariClient
import Foundation
import TestSupport
import Testing

/// A `baharid` in the background.
struct Daemon: Sendable {
  let child: Child
  let socket: String
  /// The name of the database it serves, on the shared cluster.
  var database = ""

  /// Starts one and does not wait for it.
  init(conninfo: String, socket: String? = nil) throws {
    let socket = try socket ?? Place.fresh("sock")
    try self.init(socket: socket, ["--database", conninfo])
  }

  init(
    socket: String, _ arguments: [String], command: String = "serve", environment: [String: String] = [:]
  ) throws {
    self.socket = socket
    child = try Child("baharid", [command, "--socket", socket] + arguments, environment: environment)
  }

  /// Starts one on a new database that has the schema, and waits until it serves.
  static func serving(database: String, _ options: [String] = []) async throws -> Daemon {
    let made = try await MigratedDatabase.make(database)
    var daemon = try Daemon(socket: Place.fresh("sock"), ["--database", made.conninfo] + options)
    daemon.database = made.name
    try await daemon.ready()
    return daemon
  }

  /// Starts another one on the same database and waits until it serves.
  func another(socket: String? = nil) async throws -> Daemon {
    var daemon = try Daemon(conninfo: try await conninfo, socket: socket)
    daemon.database = database
    try await daemon.ready()
    return daemon
  }

  /// The connection string of its database on the shared cluster.
  var conninfo: String {
    get async throws { try await TestCluster.shared().cluster.conninfo(database: database) }
  }

  func ready() async throws { try await says("baharid: ready on \(socket):") }

  /// Waits for a line on its standard output.
  func says(_ text: String, within seconds: Double = 300) async throws {
    try await eventually("\"\(text)\" from the daemon; its errors so far: \(child.standardError)", within: seconds) {
      if child.standardOutput.contains(text) { return true }
      if let exit = child.exit { throw Trouble("the daemon ended with \(exit): \(child.standardError)") }
      return false
    }
  }

  /// Stops it, as a service manager does, and gives its exit code.
  func stop() async throws -> Int32 {
    child.signal(SIGTERM)
    return try await child.end()
  }

  func connect() throws -> Wire { try Wire(socket) }

  /// A client that returns the daemon's first answer and retries nothing.
  var client: BahariClient { BahariClient(socketPath: socket, attempts: 1) }

  /// Runs SQL in its database, past the daemon.
  @discardableResult
  func sql(_ text: String) async throws -> String {
    try await TestCluster.shared().execute(text, in: database)
  }

  /// All locks on a table, held or waited for: a query's FROM. Copies of one database number their tables alike.
  static func locks(on table: String) -> String {
    "FROM pg_locks WHERE relation = 'public.\(table)'::regclass "
      + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
  }

  /// Runs `body` while a table is locked, so that calls about it stay in flight until the end of `body`.
  func whileLocked<R>(_ table: String, _ body: () async throws -> R) async throws -> R {
    let holder = Task {
      _ = try? await sql("BEGIN;\nLOCK TABLE public.\(table) IN ACCESS EXCLUSIVE MODE;\nSELECT pg_sleep(120);")
    }
    let lock = "\(Daemon.locks(on: table)) AND mode = 'AccessExclusiveLock'"
    try await eventually("the lock on \(table)") { try await sql("SELECT count(*) \(lock) AND granted") == "1" }
    let result: Result<R, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    try await sql("SELECT pg_terminate_backend(pid) \(lock)")
    await holder.value
    return try result.get()
  }
}

extension Daemon {
  /// The suite's daemon, or a failure.
  static var shared: Daemon {
    get throws {
      guard let daemon = ofSuite else { throw Trouble("the suite has no daemon: give it .served") }
      return daemon
    }
  }
}
