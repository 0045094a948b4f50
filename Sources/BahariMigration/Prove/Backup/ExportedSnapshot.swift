import BahariPostgres

/// One state of the database that several sessions read, as long as this value lives.
///
/// It holds no lock on any table: only a session that reads a table locks it, as any reader does.
final class ExportedSnapshot {
  let name: String
  private let holder: Session

  init(_ conninfo: Conninfo) throws {
    holder = try ExportedSnapshot.session(conninfo)
    try holder.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    name = try holder.column("SELECT pg_catalog.pg_export_snapshot()").first ?? ""
  }

  deinit { try? holder.execute("ROLLBACK") }

  /// Runs `body` in a transaction of its own that sees the snapshot.
  func read<T>(_ conninfo: Conninfo, _ body: (Session) throws -> T) throws -> T {
    let session = try ExportedSnapshot.session(conninfo)
    try session.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    try session.execute("SET TRANSACTION SNAPSHOT '\(name)'")
    defer { try? session.execute("ROLLBACK") }
    return try body(session)
  }

  /// A session without time limits except for locks, and that fails where a policy would hide rows.
  private static func session(_ conninfo: Conninfo) throws -> Session {
    var options = ConnectionOptions(conninfo: conninfo.text)
    options.settings = [
      "idle_in_transaction_session_timeout": "0", "statement_timeout": "0", "lock_timeout": "10000",
      "row_security": "off",
    ]
    return try Session(options)
  }
}
