import BahariPostgres

/// An extension of PostgreSQL that the schema needs.
struct RequiredExtension: Sendable {
  let name: String
  /// The operating system's package that contains the extension, for messages.
  let package: String

  static let trigrams = RequiredExtension(
    name: "pg_trgm", package: "postgresql-contrib (on Debian and Ubuntu it comes with postgresql)")

  /// Creates missing extensions and puts the schemas of all of them on the search path. Throws an error with advice if
  /// an extension cannot be created.
  static func provide(_ extensions: [RequiredExtension], _ session: Session) throws {
    guard !extensions.isEmpty else { return }
    for wanted in extensions { try wanted.provide(session) }
    try bringIntoReach(extensions, session)
  }

  /// Advice to install the extension on the server; nil if it is installed there.
  func problem(_ session: Session) throws(PostgresError) -> String? {
    let known = try session.query("SELECT 1 FROM pg_catalog.pg_available_extensions WHERE name = $1", [name])
    guard known.count == 0 else { return nil }
    return "PostgreSQL's extension \(name) is not installed on the server: install the package \(package), "
      + "then start again"
  }

  /// Advice for a role that may not create the extension in the database; nil if it exists there or may be created.
  func forbidden(_ session: Session) throws(PostgresError) -> String? {
    let may = try session.query(
      """
      SELECT 1 WHERE EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = $1)
        OR has_database_privilege(current_database(), 'CREATE')
      """, [name])
    return may.count > 0 ? nil : forbidden
  }

  private var forbidden: String {
    "this user may not create PostgreSQL's extension \(name) in the database: let a superuser run "
      + "CREATE EXTENSION \(name) there, then start again"
  }

  private func provide(_ session: Session) throws {
    if let problem = try problem(session) { throw SchemaError(problem) }
    guard try session.query("SELECT 1 FROM pg_catalog.pg_extension WHERE extname = $1", [name]).count == 0 else {
      return
    }
    do throws(PostgresError) {
      try session.execute("CREATE EXTENSION \(name) WITH SCHEMA public")
    } catch {
      guard error.sqlState.code == "42501" else { throw error }
      throw SchemaError(forbidden)
    }
  }

  /// Sets the search path to the schemas of the extensions until the transaction ends. Statements write all other names
  /// with their schema.
  private static func bringIntoReach(_ extensions: [RequiredExtension], _ session: Session) throws {
    let names = extensions.map(\.name).joined(separator: ",")
    try session.query(
      """
      SELECT set_config('search_path', 'pg_catalog, ' || string_agg(DISTINCT quote_ident(n.nspname), ', '), true)
      FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = ANY (string_to_array($1, ','))
      """, [names])
  }
}
