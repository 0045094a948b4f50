import BahariPostgres

/// A snapshot of the database from which several sessions can read while this object exists.
///
/// The snapshot locks no table. A session that reads a table locks that table as any reader does.
final class ExportedSnapshot {
  let name: String
  private let holder: Session

  init(_ conninfo: Conninfo) throws {
    holder = try ExportedSnapshot.session(conninfo)
    try holder.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    name = try holder.column("SELECT pg_catalog.pg_export_snapshot()").first ?? ""
  }

  deinit { try? holder.execute("ROLLBACK") }

  /// Runs `body` with a new session, in a transaction that reads from the snapshot.
  func read<T>(_ conninfo: Conninfo, _ body: (Session) throws -> T) throws -> T {
    let session = try ExportedSnapshot.session(conninfo)
    try session.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    try session.execute("SET TRANSACTION SNAPSHOT '\(name)'")
    defer { try? session.execute("ROLLBACK") }
    return try body(session)
  }

  /// Opens a session without timeouts except for locks. A query fails if a row security policy would hide rows.
  private static func session(_ conninfo: Conninfo) throws -> Session {
    var options = ConnectionOptions(conninfo: conninfo.text)
    options.settings = [
      "idle_in_transaction_session_timeout": "0", "statement_timeout": "0", "lock_timeout": "10000",
      "row_security": "off",
    ]
    return try Session(options)
  }
}
