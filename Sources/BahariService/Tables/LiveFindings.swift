import BahariPostgres

/// A fact about the database, beyond the tables' columns and keys, on which the daemon's promises depend.
struct LiveFinding: Sendable, Equatable {
  /// The table in schema public that it is about; nil if it is about all tables.
  let table: String?
  /// Whether the table cannot be served with it. If not, it is logged when the daemon starts.
  let isFault: Bool
  /// A sentence for operators, with what to do about it.
  let text: String

  var line: String { table.map { "\($0): \(text)" } ?? text }
}

/// Reads the findings, once, when the daemon starts.
struct LiveFindings {
  private let session: Session
  private(set) var all: [LiveFinding] = []

  init(_ session: Session) throws(PostgresError) {
    self.session = session
    try settings()
    try rowSecurity()
    try disabledKeys()
    try uncheckedConstraints()
    try searchPaths()
  }

  private mutating func note(_ table: String?, isFault: Bool, _ text: String) {
    all.append(LiveFinding(table: table, isFault: isFault, text: text))
  }

  /// The rows of a query whose columns are all text.
  private func rows(_ sql: String) throws(PostgresError) -> [[String]] {
    let rows = try session.query(sql)
    return (0..<rows.count).map { row in (0..<rows.columns).map { rows.string(row, $0) ?? "" } }
  }

  /// Finds settings of the session that have another value than they need: those that a session cannot set, and those
  /// that it has set at its start, if a pooler drops them.
  private mutating func settings() throws(PostgresError) {
    var present: [String: String] = [:]
    var role = ""
    for row in try rows("SELECT name, setting, quote_ident(session_user) FROM pg_catalog.pg_settings") {
      present[row[0]] = row[1]
      role = row[2]
    }
    for (wanted, advice) in [
      (session.pinned, "let the pooler pass on the startup parameter options, or run"),
      (SessionSettings.required, "run"),
    ] {
      for (name, value) in wanted.sorted(by: { $0.key < $1.key }) {
        guard let found = present[name], found != value else { continue }
        let change = "ALTER ROLE \(role) SET \(name) = '\(value)'"
        note(nil, isFault: true, "the setting \(name) is '\(found)' in the daemon's sessions: \(advice) \(change)")
      }
    }
  }

  private mutating func rowSecurity() throws(PostgresError) {
    let found = try rows(
      """
      SELECT c.relname::text, quote_ident(current_user) FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND pg_catalog.row_security_active(c.oid)
      ORDER BY 1
      """)
    for row in found {
      note(
        row[0], isFault: true,
        "row-level security applies to the role \(row[1]), which would not see all rows: let a superuser run "
          + "ALTER ROLE \(row[1]) BYPASSRLS, or run ALTER TABLE public.\(row[0]) DISABLE ROW LEVEL SECURITY")
    }
  }

  /// Finds keys that PostgreSQL does not enforce, because the triggers that do so are disabled, or because the key is
  /// declared so, which PostgreSQL 18 introduced with the column `conenforced`.
  private mutating func disabledKeys() throws(PostgresError) {
    let found = try rows(
      """
      SELECT DISTINCT t.relname::text, quote_ident(c.conname) FROM pg_catalog.pg_trigger g
      JOIN pg_catalog.pg_class t ON t.oid = g.tgrelid JOIN pg_catalog.pg_constraint c ON c.oid = g.tgconstraint
      WHERE t.relnamespace = 'public'::regnamespace AND g.tgisinternal AND g.tgenabled NOT IN ('O', 'A')
      ORDER BY 1, 2
      """)
    for row in found {
      note(
        row[0], isFault: true,
        "triggers of the key \(row[1]) are disabled, so it is not enforced: "
          + "ALTER TABLE public.\(row[0]) ENABLE TRIGGER ALL, as a superuser")
    }
    let declared = try rows(
      """
      SELECT t.relname::text, quote_ident(c.conname) FROM pg_catalog.pg_constraint c
      JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
      WHERE t.relnamespace = 'public'::regnamespace AND c.contype = 'f' AND to_jsonb(c) ->> 'conenforced' = 'false'
      ORDER BY 1, 2
      """)
    for row in declared {
      note(
        row[0], isFault: true,
        "the key \(row[1]) is declared NOT ENFORCED: ALTER TABLE public.\(row[0]) ALTER CONSTRAINT \(row[1]) ENFORCED")
    }
  }

  private mutating func uncheckedConstraints() throws(PostgresError) {
    let found = try rows(
      """
      SELECT t.relname::text, quote_ident(c.conname) FROM pg_catalog.pg_constraint c
      JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
      WHERE t.relnamespace = 'public'::regnamespace AND NOT c.convalidated
        AND coalesce(to_jsonb(c) ->> 'conenforced', 'true') = 'true'
      ORDER BY 1, 2
      """)
    for row in found {
      note(
        row[0], isFault: false,
        "the constraint \(row[1]) is NOT VALID: rows from before it may break it; "
          + "ALTER TABLE public.\(row[0]) VALIDATE CONSTRAINT \(row[1]) checks them")
    }
  }

  /// Finds functions that a write calls (by a trigger, check, default or index) and that resolve names by the session's
  /// search path. The text of a function is not parsed: most of these write all names with their schema.
  private mutating func searchPaths() throws(PostgresError) {
    let found = try rows(
      """
      WITH used (relation, kind, name, function) AS (
        SELECT tgrelid, 'trigger', tgname, tgfoid FROM pg_catalog.pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'
        UNION
        SELECT c.conrelid, 'constraint', c.conname, d.refobjid FROM pg_catalog.pg_constraint c
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = c.oid
          AND d.refclassid = 'pg_catalog.pg_proc'::regclass
        UNION
        SELECT x.adrelid, 'default of', a.attname, d.refobjid FROM pg_catalog.pg_attrdef x
        JOIN pg_catalog.pg_attribute a ON a.attrelid = x.adrelid AND a.attnum = x.adnum
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = x.oid
          AND d.refclassid = 'pg_catalog.pg_proc'::regclass
        UNION
        SELECT x.indrelid, 'index', i.relname, d.refobjid FROM pg_catalog.pg_index x
        JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.oid
          AND d.refclassid = 'pg_catalog.pg_proc'::regclass
      )
      SELECT t.relname::text, u.kind || ' ' || u.name, p.oid::regprocedure::text
      FROM used u JOIN pg_catalog.pg_class t ON t.oid = u.relation JOIN pg_catalog.pg_proc p ON p.oid = u.function
      JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      WHERE t.relnamespace = 'public'::regnamespace AND l.lanname NOT IN ('internal', 'c') AND p.prosqlbody IS NULL
        AND NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s LIKE 'search\\_path=%')
      ORDER BY 1, 2, 3
      """)
    for row in found {
      note(
        row[0], isFault: false,
        "\(row[1]) calls \(row[2]) with the search path pg_catalog: if it uses names without their schema, "
          + "ALTER FUNCTION \(row[2]) SET search_path = public")
    }
  }
}
