import BahariCluster
import BahariPostgres

/// A new database that is filled from a dump.
struct DatabaseCopy {
  let name: String
  let server: Conninfo
  /// Whether owners and grants are restored, too, which only a superuser may do.
  let keepsOwners: Bool

  var conninfo: Conninfo { server.database(name) }

  /// Creates an empty database of this name, with the encoding and the collation of the session's database.
  static func create(_ name: String, like session: Session, _ server: Conninfo) throws -> DatabaseCopy {
    let exists = try session.query("SELECT FROM pg_catalog.pg_database WHERE datname = $1", [name])
    guard exists.count == 0 else { throw BackupError.databaseExists(name) }
    // `datlocale` and `daticulocale` exist only in some versions of PostgreSQL, so they are read from the row as JSON.
    let rows = try session.texts(
      """
      SELECT pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, d.datlocprovider::text,
        coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', ''), r.rolsuper::text, r.rolname::text
      FROM pg_catalog.pg_database d, pg_catalog.pg_roles r
      WHERE d.datname = pg_catalog.current_database() AND r.rolname = current_user
      """)
    guard let row = rows.first else { throw BackupError.mayNotCreate("the user") }
    var options = [
      "TEMPLATE template0", "ENCODING \(literal(row[0]))", "LC_COLLATE \(literal(row[1]))",
      "LC_CTYPE \(literal(row[2]))",
    ]
    if row[3] == "i" { options += ["LOCALE_PROVIDER icu", "ICU_LOCALE \(literal(row[4]))"] }
    do throws(PostgresError) {
      try session.execute("CREATE DATABASE \(Identifier.quoted(name)) \(options.joined(separator: " "))")
    } catch {
      throw error.sqlState.code == "42501" ? BackupError.mayNotCreate(row[6]) : error
    }
    return DatabaseCopy(name: name, server: server, keepsOwners: row[5] == "true")
  }

  /// Restores a dump into this database and stops at the first error. `restored` is called with each table's name when
  /// the restore of its rows begins.
  func fill(
    from dump: String, _ program: ClientProgram, within limit: Duration, restored: @escaping @Sendable (String) -> Void
  ) async throws {
    var target = conninfo.withPinnedSettings
    target["password"] = nil
    let owners = keepsOwners ? [] : ["--no-owner", "--no-privileges"]
    try await program.run(
      ["--verbose", "--exit-on-error", "--dbname", target.text] + owners + [dump], password: conninfo["password"],
      within: limit
    ) { line in
      if line.contains("processing data for table"), let table = line.quotedPart { restored(table) }
    }
  }

  /// Compares this database with the manifest of the dump. Returns the differences, one line each.
  func differences(from manifest: BackupManifest, compared: (String) -> Void = { _ in }) throws -> [String] {
    let session = try Session(ConnectionOptions(conninfo: conninfo.text))
    try Fingerprint.prepare(session)
    var found: [String: Fingerprint] = [:]
    var columns: [String] = []
    let wanted = Dictionary(uniqueKeysWithValues: manifest.tables.map { ($0.name, $0.columns) })
    for table in try StoredTable.all(session) {
      compared(table.fullName)
      let own = wanted[table.fullName] ?? table.columns
      guard Set(own).isSubset(of: table.columns) else {
        columns.append("\(table.fullName): columns \(own) dumped, \(table.columns) in the copy")
        continue
      }
      found[table.fullName] = try Fingerprint.take(from: table.rows, columns: own, session)
    }
    let sequences = Dictionary(uniqueKeysWithValues: try StoredSequence.all(session).map { ($0.fullName, $0.last) })
    let behind = manifest.sequences.compactMap { sequence -> String? in
      let last = sequences[sequence.name]
      guard (last ?? .min) < sequence.last else { return nil }
      return "\(sequence.name): at \(sequence.last) dumped, at \(last.map(String.init) ?? "no value") in the copy"
    }
    return columns + Fingerprint.differences(before: manifest.fingerprints, after: found) + behind
  }

  /// Drops this database, even if clients are connected.
  func drop() throws {
    let session = try Session(ConnectionOptions(conninfo: server.text))
    try session.execute("DROP DATABASE IF EXISTS \(Identifier.quoted(name)) WITH (FORCE)")
  }

  private static func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}

extension String {
  /// The text between the first and the last quotation mark.
  var quotedPart: String? {
    guard let first = firstIndex(of: "\""), let last = lastIndex(of: "\""), first < last else { return nil }
    return String(self[index(after: first)..<last])
  }
}
