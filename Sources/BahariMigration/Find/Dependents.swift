import BahariPostgres

/// Finds the views, triggers, foreign keys, policies and functions of other programs that use the legacy tables.
enum Dependents {
  static func find(_ session: Session, _ tables: [LegacyColumns]) throws -> [Inspection.Dependent] {
    let names = tables.map(\.name).joined(separator: ",")
    let attached = try session.texts(attachedQuery, [names])
    let groups = Dictionary(grouping: attached) { [$0[0], $0[1]] }
    let followers = groups.compactMap { key, rows -> Inspection.Dependent? in
      guard let kind = Inspection.Dependent.Kind(rawValue: key[0]) else { return nil }
      return Inspection.Dependent(
        kind: kind, name: key[1], tables: rows.map { Rename.old($0[2]) }.sorted(), breaks: false)
    }
    return (followers + (try functions(session))).sorted { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }
  }

  /// Finds functions whose text names a legacy table. PostgreSQL parses a function's text when it runs, so it records
  /// no dependency.
  private static func functions(_ session: Session) throws -> [Inspection.Dependent] {
    let rows = try session.texts(
      """
      WITH own AS MATERIALIZED (
        SELECT p.oid, p.prosrc FROM pg_catalog.pg_proc p
        JOIN pg_catalog.pg_language l ON l.oid = p.prolang JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE l.lanname NOT IN ('internal', 'c') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
          AND p.prosqlbody IS NULL
      )
      SELECT \(Dependents.plain("oid::regprocedure")), prosrc FROM own
      WHERE prosrc ~ $1
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = own.oid AND d.deptype = 'e')
      """, ["\\m(\(LegacySchema.names.joined(separator: "|")))\\M"])
    return rows.map { row in
      let words = Set(row[1].split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
      return Inspection.Dependent(
        kind: .function, name: row[0], tables: LegacySchema.names.filter(words.contains).sorted(), breaks: true)
    }
  }

  /// The name of an object as people know it: with its schema unless that is public.
  private static func plain(_ name: String) -> String { "regexp_replace(\(name)::text, '^public\\.', '')" }

  /// Selects kind, name and table of the objects for which PostgreSQL records that they use a legacy table. They keep
  /// working when the table is renamed.
  private static let attachedQuery = """
    WITH holder AS (
      SELECT oid, relname FROM pg_catalog.pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND relname = ANY (string_to_array($1, ','))
    )
    SELECT DISTINCT 'view', \(plain("v.oid::regclass")), h.relname::text FROM holder h
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = h.oid
    JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
    JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.oid <> h.oid
    UNION ALL
    SELECT 'trigger', g.tgname::text, h.relname::text
    FROM holder h JOIN pg_catalog.pg_trigger g ON g.tgrelid = h.oid AND NOT g.tgisinternal
    UNION ALL
    SELECT 'foreignKey', \(plain("o.conrelid::regclass")) || '.' || o.conname, h.relname::text
    FROM holder h JOIN pg_catalog.pg_constraint o ON o.confrelid = h.oid AND o.contype = 'f'
    WHERE o.conrelid NOT IN (SELECT oid FROM holder)
      AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_class n WHERE n.oid = o.conrelid AND n.relnamespace = 'public'::regnamespace
          AND n.relname = ANY (string_to_array('\(PhaseStatements.allNewTables.joined(separator: ","))', ',')))
    UNION ALL
    SELECT 'policy', p.polname::text, h.relname::text FROM holder h JOIN pg_catalog.pg_policy p ON p.polrelid = h.oid
    """
}
