import BahariPostgres

/// Views under the old names of the tables, with exactly the old columns, so that applications that use the old names
/// keep working. Each view checks the rights of its caller, and has its table's owner and grants.
package enum CompatViews {
  /// The schema that the views are in while they are hidden.
  package static let hiddenSchema = "bahari_hidden"

  /// Statements that do not work through a view.
  package static let limits = [
    "COPY … FROM", "TRUNCATE", "INSERT … ON CONFLICT ON CONSTRAINT", "REFERENCES in a new foreign key",
    "pg_get_serial_sequence", "TABLESAMPLE",
    "reading by a role that has grants on some columns only: a view needs the right to all of its columns",
  ]

  /// The statements that create the views, by the tables' legacy names. They have to run after the tables are renamed.
  static func statements(_ session: Session, _ tables: [LegacyColumns]) throws -> [String: [MigrationStatement]] {
    let grants = try session.texts(grantsQuery, [tables.map(\.name).joined(separator: ",")])
    var made: [String: [MigrationStatement]] = [:]
    for table in tables where !table.isRenamed {
      guard let phase = Rename.tables.first(where: { $0.old == table.legacyName })?.phase else { continue }
      let own = grants.filter { $0[0] == table.name }
      let view = Identifier.qualified(table.legacyName)
      let columns = table.old.map(Identifier.quoted).joined(separator: ", ")
      let create = """
        CREATE VIEW \(view) WITH (security_invoker = true)
          AS SELECT \(columns) FROM \(Identifier.qualified(Rename.new(table.legacyName)))
        """
      let owner = own.first.map { ["ALTER VIEW \(view) OWNER TO \($0[1])"] } ?? []
      let sql = [create] + owner + own.filter { !$0[2].isEmpty }.map { "GRANT \($0[2]) ON \(view) TO \($0[3])" }
      made[table.legacyName] = sql.enumerated().map { place, sql in
        MigrationStatement(
          phase: phase, source: .compatibility, sql: sql,
          undo: place == 0
            ? ["DROP VIEW IF EXISTS \(view)", "DROP VIEW IF EXISTS \(hidden(table.legacyName))"] : [],
          table: table.legacyName, creates: place == 0 ? table.legacyName : nil)
      }
    }
    return made
  }

  /// Selects a table, its owner, a privilege that another role has, and that role. A table without such grants has one
  /// row.
  private static let grantsQuery = """
    SELECT c.relname::text, quote_ident(pg_get_userbyid(c.relowner)), coalesce(g.what, ''), coalesce(g.whom, '')
    FROM pg_class c LEFT JOIN LATERAL (
      SELECT x.privilege_type AS what, x.grantee, x.is_grantable FROM aclexplode(c.relacl) x
      UNION ALL
      SELECT x.privilege_type || ' (' || quote_ident(a.attname) || ')', x.grantee, x.is_grantable
      FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = c.oid AND NOT a.attisdropped
    ) acl ON acl.grantee <> c.relowner
    LEFT JOIN LATERAL (
      SELECT acl.what, CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END
        || CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS whom
      WHERE acl.what IS NOT NULL
    ) g ON true
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND c.relname = ANY (string_to_array($1, ','))
    ORDER BY 1, 3, 4
    """

  private static let lockTimeout = "SET LOCAL lock_timeout = '\(Migrator.Options().lockTimeout)ms'"

  private static func hidden(_ name: String) -> String { Identifier.qualified(name, in: hiddenSchema) }

  // MARK: - Contract

  /// The names of the views in `public`, and of the hidden views.
  package static func present(_ session: Session) throws -> (visible: [String], hidden: [String]) {
    func names(_ schema: String) throws -> [String] {
      try session.column(
        """
        SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind = 'v' AND c.relname = ANY (string_to_array($2, ',')) ORDER BY 1
        """, [schema, LegacySchema.names.joined(separator: ",")])
    }
    return (try names("public"), try names(hiddenSchema))
  }

  /// Moves the views to another schema: a client that still uses the old names gets an error until `reveal` moves the
  /// views back. Returns the views' names.
  package static func hide(_ session: Session) throws -> [String] {
    try session.transaction {
      let names = try present(session).visible
      try session.execute("\(lockTimeout); CREATE SCHEMA IF NOT EXISTS \(hiddenSchema)")
      for name in names {
        try session.execute("ALTER VIEW \(Identifier.qualified(name)) SET SCHEMA \(hiddenSchema)")
      }
      return names
    }
  }

  /// Moves hidden views back to `public`. Returns the views' names.
  package static func reveal(_ session: Session) throws -> [String] {
    try session.transaction {
      let names = try present(session).hidden
      try session.execute(lockTimeout)
      for name in names { try session.execute("ALTER VIEW \(hidden(name)) SET SCHEMA public") }
      try session.execute("DROP SCHEMA IF EXISTS \(hiddenSchema)")
      return names
    }
  }

  /// Drops the views, hidden or not. Returns the views' names. Fails if another object depends on a view.
  package static func drop(_ session: Session) throws -> [String] {
    try session.transaction {
      let (visible, hidden) = try present(session)
      try session.execute(lockTimeout)
      for name in visible { try session.execute("DROP VIEW \(Identifier.qualified(name))") }
      for name in hidden { try session.execute("DROP VIEW \(Self.hidden(name))") }
      try session.execute("DROP SCHEMA IF EXISTS \(hiddenSchema)")
      return (visible + hidden).sorted()
    }
  }
}
