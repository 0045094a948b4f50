import BahariPostgres
import Glibc

/// A session that holds what the migration waits for, or that has been open for long.
package struct Blocker: Codable, Hashable, Sendable, CustomStringConvertible {
  package let pid: Int32
  package let user: String
  package let application: String
  package let state: String
  /// The beginning of its last statement.
  package let query: String
  package let transactionSeconds: Double

  package var description: String {
    "process \(pid) (\(user)\(application.isEmpty ? "" : ", \(application)"), \(state), "
      + "\(Int(transactionSeconds)) s in its transaction): \(query)"
  }

  init?(_ row: [String]) {
    guard row.count == 6, let pid = Int32(row[0]) else { return nil }
    self.pid = pid
    (user, application, state, query) = (row[1], row[2], row[3], row[4])
    transactionSeconds = Double(row[5]) ?? 0
  }

  static let columns = """
    a.pid::text, coalesce(a.usename::text, ''), coalesce(a.application_name, ''), coalesce(a.state, ''),
    left(coalesce(a.query, ''), 200), coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::text
    """
}

/// The locks of a migration: one migrator at a time, and all tables at once or none.
struct Locks {
  let session: Session
  var attempts = 10
  /// Milliseconds; more than PostgreSQL's deadlock_timeout, or an autovacuum in the way would never be cancelled.
  var timeout = 1_500
  let observe: @Sendable (MigrationEvent) -> Void

  private static let key = "hashtextextended('bahari.migration', 0)"

  /// Keeps a second migrator away for as long as the session lives or until `release`.
  func keepOthersAway() throws {
    // Whatever the database or the role has set: counting and comparing take as long as they take.
    try session.execute("SET statement_timeout = 0")
    let taken = try session.query("SELECT pg_try_advisory_lock(\(Self.key))").bool(0, 0) ?? false
    guard !taken else { return }
    let others = try session.texts(
      """
      SELECT DISTINCT \(Blocker.columns) FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND l.granted AND l.database = (
          SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND ((l.classid::bigint << 32) | l.objid::bigint) = \(Self.key)
      """
    ).compactMap(Blocker.init)
    throw MigrationRefusal([
      Refusal(.secondMigrator, "another migration is running: \(others.map(\.description).joined(separator: "; "))")
    ])
  }

  func release() { _ = try? session.query("SELECT pg_advisory_unlock(\(Self.key))") }

  /// Begins a transaction that holds every one of the tables; tries again after a pause of random length.
  ///
  /// - Parameter tables: Asked anew for each attempt, inside the transaction: the names may have changed.
  func begin(_ tables: () throws -> [String]) throws {
    var blockers: [Blocker] = []
    for attempt in 1...max(1, attempts) {
      try session.execute("BEGIN")
      do {
        // Whoever reads or writes through a view under an old name holds the view and asks for its table.
        let names = try CompatViews.present(session).visible + (try tables().sorted())
        try session.execute(
          "SET LOCAL lock_timeout = '\(timeout)ms'; SET LOCAL statement_timeout = 0;"
            + "SET LOCAL idle_in_transaction_session_timeout = 0")
        guard !names.isEmpty else { return }
        // In a deadlock the first to look is the one that gives way: that is to be us. Only a superuser may say so.
        try session.query(
          """
          SELECT set_config('deadlock_timeout', '200ms', true) FROM pg_catalog.pg_roles
          WHERE rolname = current_user AND rolsuper
          """)
        try session.execute(
          "LOCK TABLE \(names.map { Identifier.qualified($0) }.joined(separator: ", ")) IN ACCESS EXCLUSIVE MODE")
        observe(.locked(tables: names, attempt: attempt))
        return
      } catch let error as PostgresError where ["55P03", "40P01"].contains(error.sqlState.code) {
        try session.execute("ROLLBACK")
        blockers = try Self.holders(of: try tables(), session)
        observe(.lockRefused(attempt: attempt, of: attempts, blockers: blockers))
        if attempt < attempts { usleep(UInt32.random(in: 100_000...1_000_000)) }
      } catch {
        try? session.execute("ROLLBACK")
        throw error
      }
    }
    throw MigrationRefusal([
      Refusal(
        .locked,
        "the tables could not be locked in \(attempts) attempts; in the way: "
          + (blockers.isEmpty
            ? "nobody any more" : blockers.map(\.description).joined(separator: "; ")))
    ])
  }

  /// Commits. A connection that goes away meanwhile leaves the outcome open.
  func commit() throws {
    do throws(PostgresError) {
      try session.execute("COMMIT")
    } catch {
      throw error.sqlState.endsConnection ? MigrationFailure(phase: nil, cause: .unknown(error)) : error
    }
  }

  /// Who holds any lock on one of the tables.
  static func holders(of tables: [String], _ session: Session) throws -> [Blocker] {
    try session.texts(
      """
      SELECT DISTINCT \(Blocker.columns) FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
      JOIN pg_catalog.pg_class c ON c.oid = l.relation
      WHERE l.granted AND l.pid <> pg_backend_pid()
        AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND c.relnamespace = 'public'::regnamespace
        AND c.relname = ANY (string_to_array($1, ','))
      """, [tables.joined(separator: ",")]
    ).compactMap(Blocker.init)
  }
}
