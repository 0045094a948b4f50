import BahariPostgres
import Glibc

/// Takes the locks of a migration or an undo: an advisory lock that excludes other migrators, and locks on all tables.
struct Locks {
  let session: Session
  let attempts: Int
  /// Milliseconds that one attempt waits for a table's lock. This has to be longer than deadlock_timeout, after which
  /// PostgreSQL cancels an autovacuum that holds a lock.
  let timeout: Int
  let observe: @Sendable (MigrationEvent) -> Void

  /// Takes the advisory lock that excludes other migrators until `release` or the end of the session. Throws a refusal
  /// if another session has it.
  func keepOthersAway() throws {
    // Counting and comparing rows may take longer than the statement_timeout of the database or the role.
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

  /// Begins a transaction and locks all tables in it. If a lock is refused, tries again after a pause of random length.
  ///
  /// - Parameter tables: Returns the tables' names. Called for each attempt, inside the transaction, because the names
  ///   may have changed.
  func begin(_ tables: () throws -> [String]) throws {
    var blockers: [Blocker] = []
    for attempt in 1...max(1, attempts) {
      try session.execute("BEGIN")
      do {
        // A client that uses a view under an old name locks the view first and then its table: the same order as here.
        let names = try CompatViews.present(session).visible + (try tables().sorted())
        try session.execute(
          "SET LOCAL lock_timeout = '\(timeout)ms'; SET LOCAL statement_timeout = 0;"
            + "SET LOCAL idle_in_transaction_session_timeout = 0")
        guard !names.isEmpty else { return }
        // PostgreSQL cancels the transaction that first notices a deadlock. With the short timeout that is this
        // transaction, not a client's. Only a superuser may set the timeout.
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
        "the tables could not be locked in \(attempts) attempts; locks are held by "
          + (blockers.isEmpty
            ? "no session any more" : blockers.map(\.description).joined(separator: "; ")))
    ])
  }

  /// Commits the transaction. If the connection breaks during the commit, throws a failure with the cause `.unknown`.
  func commit() throws {
    do throws(PostgresError) {
      try session.execute("COMMIT")
    } catch {
      throw error.sqlState.endsConnection ? MigrationFailure(phase: nil, cause: .unknown(error)) : error
    }
  }

  /// Other sessions that hold any lock on one of the tables.
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
