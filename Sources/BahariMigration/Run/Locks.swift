import BahariPostgres
import Glibc

/// The locks of a migration: one migrator at a time, and all tables at once or none.
struct Locks {
  let session: Session
  let attempts: Int
  /// Milliseconds; more than PostgreSQL's deadlock_timeout, or an autovacuum in the way would never be cancelled.
  let timeout: Int
  let observe: @Sendable (MigrationEvent) -> Void

  /// Keeps a second migrator away for as long as the session lives or until `release`.
  func keepOthersAway() throws {
    // Whatever the database or the role has set: counting and comparing take as long as they take.
    try session.execute("SET statement_timeout = 0")
    guard try !AdvisoryLock.migration.tryHold(session) else { return }
    let others = try session.texts(
      """
      SELECT DISTINCT \(Blocker.columns) FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND l.granted AND l.database = (
          SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND ((l.classid::bigint << 32) | l.objid::bigint) = \(AdvisoryLock.migration.key)
      """
    ).compactMap(Blocker.init)
    throw MigrationRefusal([
      Refusal(.secondMigrator, "another migration is running: \(others.map(\.description).joined(separator: "; "))")
    ])
  }

  func release() { try? AdvisoryLock.migration.release(session) }

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
      } catch let error as PostgresError where error.isLockConflict {
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
