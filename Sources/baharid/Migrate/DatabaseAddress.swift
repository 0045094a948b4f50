import ArgumentParser
import BahariCluster
import BahariMigration
import BahariPostgres
import Foundation

/// The options that name the database a command works on.
struct DatabaseAddress: ParsableArguments {
  @Option(help: "The database, as libpq takes it: 'host=… dbname=…' or a URI. Default: the private PostgreSQL's.")
  var database: String?

  @Option(help: "Where the private PostgreSQL keeps its files. Default: the system's or the user's place for them.")
  var dataDir: String?

  func validate() throws {
    if database != nil, dataDir != nil {
      throw ValidationError("--data-dir is for the private PostgreSQL, which --database does without; give one of them")
    }
  }

  /// Runs `body` with the database's connection string. Without `--database`, starts the private PostgreSQL before and
  /// stops it afterwards. SIGTERM and Ctrl-C cancel `body`; this returns after `body` has ended.
  ///
  /// - Parameter folder: The name of the data directory when `--data-dir` is not given.
  func with(
    folder: String, _ body: @escaping @Sendable (Conninfo) async throws -> MigrationOutcome
  ) async throws -> MigrationOutcome {
    signal(SIGPIPE, SIG_IGN)
    let stop = StopSignals()
    if let database { return try await DatabaseAddress.run(until: stop, try Conninfo(database), body) }
    let cluster = try await Cluster.start(in: try Places.data(dataDir, named: folder) + "/postgres")
    let result: Result<MigrationOutcome, any Error>
    do {
      result = .success(try await DatabaseAddress.run(until: stop, try Conninfo(cluster.conninfo), body))
    } catch {
      result = .failure(error)
    }
    // A private PostgreSQL that was already running belongs to another process.
    if !cluster.wasAdopted { try? await cluster.stop() }
    return try result.get()
  }

  private static func run(
    until stop: StopSignals, _ conninfo: Conninfo,
    _ body: @escaping @Sendable (Conninfo) async throws -> MigrationOutcome
  ) async throws -> MigrationOutcome {
    try await withThrowingTaskGroup(of: MigrationOutcome?.self) { group in
      group.addTask { try await body(conninfo) }
      group.addTask {
        await stop.wait()
        return nil
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let result { return result }
        OutputOptions.complain("stopping: what is not committed is rolled back")
        group.cancelAll()
      }
      throw CancellationError()
    }
  }

  /// Returns the folder that an option gives, or else the folder `name` in the data directory.
  func folder(_ given: String?, named name: String) throws -> String {
    if let given { return URL(fileURLWithPath: given).standardizedFileURL.path }
    return try Places.data(dataDir, named: "bahari") + "/\(name)"
  }
}
