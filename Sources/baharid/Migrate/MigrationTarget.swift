import ArgumentParser
import BahariCluster
import BahariMigration
import BahariPostgres
import Foundation
import Synchronization

/// The database that a command is about.
struct TargetOptions: ParsableArguments {
  @Option(help: "The database, as libpq takes it: 'host=… dbname=…' or a URI. Default: the private PostgreSQL's.")
  var database: String?

  @Option(help: "Where the private PostgreSQL keeps its files. Default: the system's or the user's place for them.")
  var dataDir: String?

  func validate() throws {
    if database != nil, dataDir != nil {
      throw ValidationError("--data-dir is for the private PostgreSQL, which --database does without; give one of them")
    }
  }

  /// Runs `body` with the database's connection string; a private PostgreSQL is started and stopped along. SIGTERM and
  /// Ctrl-C cancel it, and its end is waited for.
  ///
  /// - Parameter folder: The name of the data directory where nobody names one.
  func with(
    folder: String, _ body: @escaping @Sendable (Conninfo) async throws -> MigrationExit
  ) async throws -> MigrationExit {
    signal(SIGPIPE, SIG_IGN)
    let stop = StopSignals()
    if let database { return try await TargetOptions.run(until: stop, try Conninfo(database), body) }
    let cluster = try await Cluster.start(in: try Places.data(dataDir, named: folder) + "/postgres")
    let result: Result<MigrationExit, any Error>
    do {
      result = .success(try await TargetOptions.run(until: stop, try Conninfo(cluster.conninfo), body))
    } catch {
      result = .failure(error)
    }
    // One that was running already is somebody's.
    if !cluster.wasAdopted { try? await cluster.stop() }
    return try result.get()
  }

  private static func run(
    until stop: StopSignals, _ conninfo: Conninfo, _ body: @escaping @Sendable (Conninfo) async throws -> MigrationExit
  ) async throws -> MigrationExit {
    try await withThrowingTaskGroup(of: MigrationExit?.self) { group in
      group.addTask { try await body(conninfo) }
      group.addTask {
        await stop.wait()
        return nil
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let result { return result }
        OutputOptions.complain("stopping, as told: what is not committed is rolled back")
        group.cancelAll()
      }
      throw CancellationError()
    }
  }

  /// Where backups and reports go when nobody says.
  func folder(_ given: String?, named name: String) throws -> String {
    if let given { return URL(fileURLWithPath: given).standardizedFileURL.path }
    return try Places.data(dataDir, named: "bahari") + "/\(name)"
  }
}

/// What a command says: to people by lines and bars, or once, as JSON.
struct OutputOptions: ParsableArguments {
  @Flag(help: "One JSON object on standard output instead of lines for people.")
  var json = false

  var line: ProgressLine { ProgressLine(isSilent: json) }

  func show(_ report: some Encodable) throws {
    guard json else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    Log.say(String(decoding: try encoder.encode(report), as: UTF8.self))
  }

  /// Runs a command's work on its database and ends with the code of what comes of it; what it throws is told on
  /// standard error.
  func run(
    on target: TargetOptions, folder: String = "bahari", failing code: MigrationExit = .failed,
    _ body: @escaping @Sendable (Conninfo) async throws -> MigrationExit
  ) async throws {
    let end: MigrationExit
    do {
      end = try await target.with(folder: folder, body)
    } catch let error as ExitCode {
      throw error
    } catch {
      OutputOptions.complain(error)
      end = code
    }
    try end.end()
  }

  static func complain(_ error: any Error) {
    complain((error as? PostgresError).map { "PostgreSQL: \($0.message) (SQLSTATE \($0.sqlState))" } ?? "\(error)")
  }

  static func complain(_ text: String) { FileHandle.standardError.write(Data("error: \(text)\n".utf8)) }
}

/// Runs blocking work where it keeps no task from running.
func offThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
  }
}

/// Runs blocking work in a session of its own, which is ended when the task is cancelled: PostgreSQL rolls back what it
/// has not committed, and the work is told by an error.
func inSession<T: Sendable>(
  _ conninfo: Conninfo, _ body: @escaping @Sendable (Session) throws -> T
) async throws -> T {
  let process = Mutex<Int32?>(nil)
  return try await withTaskCancellationHandler {
    try await offThread {
      let session = try Session(ConnectionOptions(conninfo: conninfo.text))
      let own = try session.query("SELECT pg_catalog.pg_backend_pid()").int32(0, 0)
      process.withLock { $0 = own }
      defer { process.withLock { $0 = nil } }
      return try body(session)
    }
  } onCancel: {
    guard let process = process.withLock({ $0 }) else { return }
    let other = try? Session(ConnectionOptions(conninfo: conninfo.text))
    _ = try? other?.query("SELECT pg_catalog.pg_terminate_backend($1::text::integer)", ["\(process)"])
  }
}
