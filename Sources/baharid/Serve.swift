import ArgumentParser
import BahariCatalog
import BahariCluster
import BahariPostgres
import BahariService
import Foundation
import Logging

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves the tables until it is stopped.",
    discussion: """
      The schema is created in an empty database. Without --database a private PostgreSQL is kept under the data \
      directory (/var/lib/bahari, or bahari in the user's data folder). The daemon starts and stops it, and restarts \
      it if it ends; as root it runs as an unprivileged user.

      One line is printed when calls are served. SIGTERM or Ctrl-C stops the daemon: calls in flight finish, new ones \
      are refused.

        baharid serve
        baharid serve --data-dir ./data --socket ./bahari.sock
        baharid serve --database 'host=/run/postgresql dbname=perikanan user=bahari'
        baharid serve --database 'host=/run/postgresql dbname=coba' --allow-unsafe-durability
      """)

  @OptionGroup var options: ServeOptions

  func run() async throws { try await options.run(Preset()) }
}

/// The options of every subcommand that serves. `run` starts and stops a daemon with them.
struct ServeOptions: ParsableArguments {
  @Option(
    help: "The socket to serve on. Default: $BAHARI_SOCKET, else a path in the system's or the user's runtime folder.")
  var socket: String?

  @Option(help: "The PostgreSQL database to serve, as a libpq connection string: 'host=… dbname=…' or a URI.")
  var database: String?

  @Option(help: "The data directory of the private PostgreSQL. Default: see above.")
  var dataDir: String?

  @Option(help: "Number of shards, each with its own thread and connections. Default: one per 4 cores, at least 1.")
  var shards: Int?

  @Option(help: "A group, by name or number, whose members may also write. Root and the daemon's user always may.")
  var writers: String?

  @Flag(
    help: """
      Serve a PostgreSQL that may lose acknowledged writes (fsync, full_page_writes or synchronous_commit off, UNLOGGED \
      tables) without a warning in the log and in health's details. For tests and trials.
      """)
  var allowUnsafeDurability = false

  @OptionGroup(title: "Attendance") var attendance: AttendanceOptions

  @OptionGroup(title: "Limits") var limits: LimitOptions

  func validate() throws {
    if let shards, !(1...64).contains(shards) {
      throw ValidationError("--shards is \(shards) and must be from 1 to 64")
    }
    if database != nil, dataDir != nil {
      throw ValidationError("--data-dir is for the private PostgreSQL, which --database replaces; give one of them")
    }
  }

  func run(_ preset: Preset) async throws {
    signal(SIGPIPE, SIG_IGN)
    let log = Log()
    do {
      // Signals are caught before PostgreSQL is started, so that none ends the process during the start.
      let stop = StopSignals()
      let path = try Places.socket(socket)
      let cluster = database == nil ? try await startCluster(preset) : nil
      do {
        try await serve(database ?? cluster?.conninfo ?? "", path, preset, cluster, log, stop)
      } catch {
        try? await cluster?.stop()
        throw error
      }
      try await cluster?.stop()
    } catch let error as any CustomStringConvertible & Error {
      log.error(error.description)
      throw ExitCode(1)
    }
  }

  /// The id of a group that is given by name or number.
  private static func group(_ name: String) throws -> UInt32 {
    if let number = UInt32(name) { return number }
    guard let entry = getgrnam(name) else {
      throw PlaceError(description: "--writers names the group \(name), which does not exist: groupadd \(name)")
    }
    return entry.pointee.gr_gid
  }

  private func startCluster(_ preset: Preset) async throws -> Cluster {
    let folder = try Places.data(dataDir, named: preset.folder) + "/postgres"
    Log.say("baharid: starting the private PostgreSQL in \(folder)")
    return try await Cluster.start(in: folder)
  }

  private func serve(
    _ conninfo: String, _ path: String, _ preset: Preset, _ cluster: Cluster?, _ log: Log, _ stop: StopSignals
  ) async throws {
    let count = shards ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 4)
    let access = Access(owner: geteuid(), writers: try writers.map(ServeOptions.group))
    let daemon = try Daemon(
      Catalog.tables(attendance.attendance), conninfo: conninfo, socket: path, shards: count, access: access,
      limits: limits, allowsUnsafeDurability: allowUnsafeDurability, log: log)
    daemon.open()
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        let version = try await daemon.serveTables(preset)
        let kind = cluster == nil ? "" : ", private"
        Log.say("baharid: ready on \(path): \(daemon.tableCount) tables, PostgreSQL \(version)\(kind)")
        preset.ready()
        // Begins by returning the memory that was used for the preparations.
        await Memory.keepLow()
        return false
      }
      // Restarts the private PostgreSQL whenever it ends. Cancelled before the drain, so that it is not restarted then.
      group.addTask {
        await cluster?.keepRunning { log.warning($0) }
        return false
      }
      group.addTask {
        await stop.wait()
        return true
      }
      while let stopped = try await group.next(), !stopped {}
      group.cancelAll()
      Log.say("baharid: stopping; calls in flight finish")
      // The group waits for its tasks, and only the drain ends those that wait for PostgreSQL, so the drain runs inside
      // it.
      await daemon.drain()
    }
  }
}

/// The steps that a subcommand adds to the start of the daemon.
struct Preset: Sendable {
  /// The name of the default data directory.
  var folder = "bahari"
  /// Runs before the schema is migrated. `prepare` and `fill` are repeated when the connection is lost.
  var prepare: @Sendable (Session) throws -> Void = { _ in }
  /// Runs after the schema is migrated and compared, to add rows.
  var fill: @Sendable (Session) throws -> Void = { _ in }
  /// Runs once calls are served.
  var ready: @Sendable () -> Void = {}
}

/// Writes log messages to standard error, and lines for people to standard output.
struct Log: Sendable {
  private let logger: Logger

  init() {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    logger = Logger(label: "baharid")
  }

  /// Prints one line at once, without a buffer that would delay it if standard output is a pipe or a file.
  static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  func error(_ message: String) { logger.error("\(message)") }
  func notice(_ message: String) { logger.notice("\(message)") }
  func warning(_ message: String) { logger.warning("\(message)") }
}
