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

  /// The daemon of the suite; see `.served`.
  @TaskLocal static var ofSuite: Daemon?

  /// Starts one and does not wait for it.
  init(conninfo: String, socket: String? = nil) throws {
    let socket = try socket ?? Place.fresh("sock")
    try self.init(socket: socket, ["--database", conninfo])
  }

  init(socket: String, _ arguments: [String], command: String = "serve") throws {
    self.socket = socket
    child = try Child("baharid", [command, "--socket", socket] + arguments)
  }

  /// Starts one on a new database and waits until it serves.
  static func serving(database: String, _ options: [String] = []) async throws -> Daemon {
    let conninfo = try await TestCluster.shared().database(named: database)
    var daemon = try Daemon(socket: Place.fresh("sock"), ["--database", conninfo] + options)
    daemon.database = database
    try await daemon.ready()
    return daemon
  }

  /// Starts another one on the same database and waits until it serves.
  func another() async throws -> Daemon {
    var daemon = try Daemon(conninfo: try await TestCluster.shared().cluster.conninfo(database: database))
    daemon.database = database
    try await daemon.ready()
    return daemon
  }

  func ready() async throws { try await says("baharid: ready on \(socket):") }

  /// Waits for a line on its standard output.
  func says(_ text: String) async throws {
    try await eventually("\"\(text)\" from the daemon; it says: \(child.standardError)", within: 60) {
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

  /// Tells what the daemon says at first, and repeats nothing.
  var client: BahariClient { BahariClient(socketPath: socket, attempts: 1) }

  /// Runs SQL in its database, past the daemon.
  @discardableResult
  func sql(_ text: String) async throws -> String {
    try await TestCluster.shared().execute(text, in: database)
  }

  /// Runs `body` while a table is locked, so that calls about it stay in flight until the end of `body`.
  func whileLocked<R>(_ table: String, _ body: () async throws -> R) async throws -> R {
    let holder = Task {
      _ = try? await sql("BEGIN;\nLOCK TABLE public.\(table) IN ACCESS EXCLUSIVE MODE;\nSELECT pg_sleep(120);")
    }
    // Other databases of the cluster have tables of the same numbers.
    let lock = """
      FROM pg_locks WHERE relation = 'public.\(table)'::regclass AND mode = 'AccessExclusiveLock'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """.replacing("\n", with: " ")
    try await eventually("the lock on \(table)") { try await sql("SELECT count(*) \(lock) AND granted") == "1" }
    let result: Result<R, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    try await sql("SELECT pg_terminate_backend(pid) \(lock)")
    await holder.value
    return try result.get()
  }
}

/// Gives a suite a daemon on a new database with a few regions in it, and expects it to end well.
struct Served: SuiteTrait, TestScoping {
  let database: String

  func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    let daemon = try await Daemon.serving(database: database)
    try await daemon.sql(Regions.sql)
    try await Daemon.$ofSuite.withValue(daemon) { try await body() }
    let exit = try await daemon.stop()
    #expect(exit == 0, "\(daemon.child.standardError)")
  }
}

extension Trait where Self == Served {
  static func served(_ database: String) -> Served { Served(database: database) }
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

enum Regions {
  /// Two provinces, the first with regencies, districts and villages below it.
  static let sql = """
    INSERT INTO public.mst_provinsi VALUES (11, 'ACEH', NULL, 4.2, 96.9), (12, 'SUMATERA UTARA', '', 2.1, 99.0);
    INSERT INTO public.mst_kabupaten (id, province_id, name) VALUES (1101, 11, 'ACEH SELATAN'), (1102, 11, '100% AIR');
    INSERT INTO public.mst_kecamatan (id, regency_id, name) VALUES (110101, 1101, 'Bakongan'), (110201, 1102, 'Laut');
    INSERT INTO public.mst_desa (id, district_id, name) SELECT 1101010000 + n, 110101, 'Desa ' || n FROM generate_series(1, 25) n;
    """
}
