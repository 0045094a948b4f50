import ArgumentParser
import BahariCatalog
import BahariCluster
import BahariPostgres
import BahariService
import Foundation
import Logging

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves the tables until it is told to stop.",
    discussion: """
      An empty database gets the schema. Without --database a private PostgreSQL is kept under the data \
      directory (/var/lib/bahari, or bahari in the user's data folder), started and stopped along, and started \
      again should it end; as root it runs as an unprivileged user.

      One line says when calls are served. SIGTERM or Ctrl-C ends it: calls in flight finish, new ones are \
      refused.

        baharid serve
        baharid serve --data-dir ./data --socket ./bahari.sock
        baharid serve --database 'host=/run/postgresql dbname=perikanan user=bahari'
      """)

  @OptionGroup var options: ServeOptions

  func run() async throws { try await options.run(Preset()) }
}

/// The options of each subcommand that serves, and what they do.
struct ServeOptions: ParsableArguments {
  @Option(help: "The socket to serve on. Default: $BAHARI_SOCKET, else the system's or the user's place for it.")
  var socket: String?

  @Option(help: "The PostgreSQL database to serve, as libpq takes it: 'host=… dbname=…' or a URI.")
  var database: String?

  @Option(help: "Where the private PostgreSQL keeps its files. Default: the system's or the user's place for them.")
  var dataDir: String?

  @Option(help: "Shards, each with a thread and connections of its own. Default: 1 up to 4 cores, then one per 4.")
  var shards: Int?

  @Option(help: "A group, by name or number, whose members may write too. Root and the daemon's user always may.")
  var writers: String?

  @OptionGroup(title: "Attendance") var attendance: AttendanceOptions

  @OptionGroup(title: "Limits") var limits: LimitOptions

  func validate() throws {
    if let shards, !(1...64).contains(shards) {
      throw ValidationError("--shards is \(shards) and must be from 1 to 64")
    }
    if database != nil, dataDir != nil {
      throw ValidationError("--data-dir is for the private PostgreSQL, which --database does without; give one of them")
    }
  }

  func run(_ preset: Preset) async throws {
    signal(SIGPIPE, SIG_IGN)
    let log = Log()
    do {
      // From here on a signal waits for its turn: none leaves a private PostgreSQL half started.
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
      limits: limits, log: log)
    daemon.open()
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        let version = try await daemon.serveTables(filledBy: preset.fill)
        let kind = cluster == nil ? "" : ", private"
        Log.say("baharid: ready on \(path): \(daemon.tableCount) tables, PostgreSQL \(version)\(kind)")
        preset.ready()
        // What the preparations took is not needed any more.
        await Memory.keepLow()
        return false
      }
      // Cancelled before the drain: a PostgreSQL that ends while the daemon stops stays down.
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
      // Inside the group: what waits for PostgreSQL is told by the drain.
      await daemon.drain()
    }
  }
}

/// What a subcommand adds to serving.
struct Preset: Sendable {
  /// The name of the data directory where nobody names one.
  var folder = "bahari"
  /// Puts rows into the database, whose schema is current. Run again where the connection was lost on the way.
  var fill: @Sendable (Session) throws -> Void = { _ in }
  /// Calls are served from now on.
  var ready: @Sendable () -> Void = {}
}

/// Messages to standard error, and what a person waits for to standard output.
struct Log: Sendable {
  private let logger: Logger

  init() {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    logger = Logger(label: "baharid")
  }

  /// One line, at once: standard output to a pipe or file would be held back.
  static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  func error(_ message: String) { logger.error("\(message)") }
  func warning(_ message: String) { logger.warning("\(message)") }
}
