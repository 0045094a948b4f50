import BahariCatalog
import BahariMigration
import BahariPostgres
import BahariServer
import BahariService
import BahariShard
import Dispatch
import Glibc

/// The running server: shards with their services and PostgreSQL connections, and the listener.
final class Daemon: Sendable {
  private let conninfo: String
  private let tables: [Table]
  private let servers: [ShardServer<Service>]
  private let listener: Listener
  private let allowsUnsafeDurability: Bool
  private let log: Log
  private let started = Shard.now

  init(
    _ tables: [Table], conninfo: String, socket: String, shards: Int, access: Access, limits: LimitOptions,
    allowsUnsafeDurability: Bool, log: Log
  ) throws {
    self.tables = tables
    self.conninfo = conninfo
    self.allowsUnsafeDurability = allowsUnsafeDurability
    self.log = log
    servers = (1...shards).map { number in
      let report: @Sendable (String) -> Void = { log.warning($0) }
      let database = Database(conninfo, limits: limits.database, log: report)
      let service = Service(
        tables, database, access, deadlines: limits.deadlines, allowsUnsafeDurability: allowsUnsafeDurability,
        log: report)
      return ShardServer(Shard(name: "shard-\(number)"), service, limits.server)
    }
    listener = try Listener(path: socket, hosts: servers, limits: limits.server)
  }

  var tableCount: Int { tables.count }

  /// Accepts connections; calls on tables fail with UNAVAILABLE until `serveTables` has returned.
  func open() {
    let stats: StatsSource = { [servers, started] in
      await DaemonStats.gather(from: servers, started: started)
    }
    for server in servers { server.open(stats: stats) }
    listener.open()
  }

  /// Runs the preset's steps, migrates the database's schema to the current version, compares it with the program's
  /// tables, and serves them. Retries while the database cannot be reached. Returns PostgreSQL's version.
  func serveTables(_ preset: Preset) async throws -> String {
    let prepared = try await untilReachable(preset)
    for server in servers { await server.serve(prepared.resources) }
    try Task.checkCancellation()
    for remark in prepared.resources.remarks { log.notice(remark) }
    if !allowsUnsafeDurability {
      for risk in prepared.risks {
        log.warning("unsafe durability: \(risk.text). --allow-unsafe-durability silences this warning.")
      }
    }
    return prepared.version
  }

  func drain() async {
    await listener.close()
    for server in servers { await server.drain() }
  }

  private func untilReachable(_ preset: Preset) async throws -> Prepared {
    var isLogged = false
    while true {
      do {
        return try await unlessCancelled { [tables, conninfo] in try Daemon.prepare(tables, conninfo, preset) }
      } catch let error as ConnectError {
        if !isLogged { log.warning("PostgreSQL cannot be reached, retrying: \(error)") }
      } catch let error as PostgresError where error.sqlState.endsConnection {
        if !isLogged { log.warning("PostgreSQL ended the connection, retrying: \(error.sqlState)") }
      } catch let error as PostgresError {
        throw PreparationError(cause: error)
      }
      isLogged = true
      try await Task.sleep(for: .milliseconds(500))
    }
  }

  /// The database as it was found when it was ready to be served.
  private struct Prepared: Sendable {
    let resources: Resources
    let risks: [DurabilityRisk]
    /// PostgreSQL's version.
    let version: String
  }

  private static func prepare(_ tables: [Table], _ conninfo: String, _ preset: Preset) throws -> Prepared {
    let session = try Session(ConnectionOptions(conninfo: conninfo))
    try preset.prepare(session)
    _ = try SchemaVersions.migrate(session)
    // A migration leaves settings of its own in the session. A new one has those that calls will have.
    let fresh = try Session(ConnectionOptions(conninfo: conninfo))
    let resources = try Resources(tables, try LiveSchema(fresh))
    try preset.fill(session)
    return Prepared(
      resources: resources, risks: try Durability.risks(of: tables, fresh),
      version: session.setting("server_version")?.prefix { $0 != " " }.description ?? "unknown")
  }
}

/// The error if PostgreSQL refuses a statement that the daemon runs before it serves.
private struct PreparationError: Error, CustomStringConvertible {
  let cause: PostgresError

  var description: String {
    "PostgreSQL refused a statement that the daemon needs before it serves: \(cause.message) (\(cause.sqlState));"
      + " grant the right, or give another database or role with --database"
  }
}

/// Runs `body`, which may block, on a thread outside of the pool that runs tasks. A cancelled caller returns without
/// waiting for `body`, which may wait for a lock or for a server that does not answer.
private func unlessCancelled<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  let (answers, continuation) = AsyncThrowingStream.makeStream(of: T.self)
  DispatchQueue.global().async {
    continuation.yield(with: Result { try body() })
    continuation.finish()
  }
  for try await answer in answers { return answer }
  throw CancellationError()
}

/// Receives SIGTERM and SIGINT, which do not end the process any more once this object exists.
final class StopSignals: Sendable {
  private let stream: AsyncStream<Void>

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    self.stream = stream
    for number in [SIGTERM, SIGINT] {
      signal(number, SIG_IGN)
      // The handler retains the source, so that the source exists as long as the process.
      nonisolated(unsafe) let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { withExtendedLifetime(source) { _ = continuation.yield() } }
      source.resume()
    }
  }

  func wait() async { for await _ in stream { return } }
}
