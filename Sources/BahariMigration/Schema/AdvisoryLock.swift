import BahariPostgres

/// An advisory lock of PostgreSQL, known by its name. Two programs that lock the same name in one database exclude
/// each other.
package struct AdvisoryLock: Sendable {
  package let name: String

  /// Held while the schema is changed, by a migration, an undo or a daemon that starts.
  package static let schema = AdvisoryLock(name: "bahari.schema_version")
  /// Held by a session for as long as it migrates or undoes.
  package static let migration = AdvisoryLock(name: "bahari.migration")

  /// The lock's number, as an SQL expression.
  package var key: String { "hashtextextended('\(name)', 0)" }

  /// Waits for the lock and holds it until the transaction ends.
  func holdInTransaction(_ session: Session) throws(PostgresError) {
    try session.query("SELECT pg_advisory_xact_lock(\(key))")
  }

  /// Takes the lock for the session. Returns false at once when another session holds it.
  func tryHold(_ session: Session) throws(PostgresError) -> Bool {
    try session.query("SELECT pg_try_advisory_lock(\(key))").bool(0, 0) ?? false
  }

  func release(_ session: Session) throws(PostgresError) {
    try session.query("SELECT pg_advisory_unlock(\(key))")
  }
}
