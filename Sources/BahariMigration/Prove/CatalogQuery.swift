extension CanonicalCatalog {
  /// Selects kind, table, name and detail of every object in `public`, all as text. The search path has to be
  /// `pg_catalog`.
  static let query = relations + parts.joined(separator: "\nUNION ALL\n")

  private static let parts = [
    tables, columns, constraints, indexes, triggers, policies, views, sequences, grants,
  ]

  private static let relations = """
    WITH relation AS (
      SELECT c.*, pg_get_userbyid(c.relowner) AS owner, coalesce(' ' || array_to_string(c.reloptions, ','), '')
        || coalesce(' comment ' || quote_literal(obj_description(c.oid, 'pg_class')), '') AS rest
      FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        AND NOT EXISTS (
          SELECT FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ), holder AS (SELECT * FROM relation WHERE relkind IN ('r', 'p', 'f'))

    """

  private static let tables = """
    SELECT 'table'::text, h.relname::text, ''::text, 'owner ' || h.owner
      || CASE WHEN h.relpersistence = 'p' THEN '' ELSE ' persistence ' || h.relpersistence::text END
      || CASE WHEN h.relrowsecurity THEN ' row security' ELSE '' END
      || CASE WHEN h.relforcerowsecurity THEN ' forced' ELSE '' END || h.rest
    FROM holder h
    """

  private static let columns = """
    SELECT 'column', h.relname, a.attname, row_number() OVER (PARTITION BY h.oid ORDER BY a.attnum) || ' '
      || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
      || CASE WHEN a.attidentity = '' THEN '' ELSE ' identity ' || a.attidentity::text END
      || CASE WHEN a.attgenerated = '' THEN '' ELSE ' generated ' || a.attgenerated::text END
      || CASE WHEN a.attcollation IN (0, t.typcollation) THEN '' ELSE ' collate ' || a.attcollation::regcollation END
      || coalesce(' comment ' || quote_literal(col_description(h.oid, a.attnum)), '')
    FROM holder h JOIN pg_attribute a ON a.attrelid = h.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = h.oid AND d.adnum = a.attnum
    """

  /// All constraints except NOT NULL, which is part of `columns`: only newer versions of PostgreSQL list it as a
  /// constraint.
  private static let constraints = """
    SELECT 'constraint', h.relname, o.conname, pg_get_constraintdef(o.oid)
      || coalesce(' comment ' || quote_literal(obj_description(o.oid, 'pg_constraint')), '')
    FROM holder h JOIN pg_constraint o ON o.conrelid = h.oid AND o.contype NOT IN ('n', 't')
    """

  /// All indexes except those of keys, which are part of `constraints`.
  private static let indexes = """
    SELECT 'index', h.relname, i.relname, CASE WHEN x.indisunique THEN 'UNIQUE ' ELSE '' END
      || regexp_replace(pg_get_indexdef(i.oid), '^.*? USING ', '')
      || CASE WHEN x.indisvalid THEN '' ELSE ' invalid' END || CASE WHEN x.indisclustered THEN ' clustered' ELSE '' END
      || coalesce(' comment ' || quote_literal(obj_description(i.oid, 'pg_class')), '')
    FROM holder h JOIN pg_index x ON x.indrelid = h.oid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
    """

  private static let triggers = """
    SELECT 'trigger', h.relname, g.tgname, pg_get_triggerdef(g.oid)
      || CASE WHEN g.tgenabled = 'O' THEN '' ELSE ' enabled ' || g.tgenabled::text END
      || coalesce(' comment ' || quote_literal(obj_description(g.oid, 'pg_trigger')), '')
    FROM holder h JOIN pg_trigger g ON g.tgrelid = h.oid AND NOT g.tgisinternal
    """

  private static let policies = """
    SELECT 'policy', h.relname, p.polname, p.polcmd::text || CASE WHEN p.polpermissive THEN '' ELSE ' restrictive' END
      || ' to ' || (
        SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r) END, ',') FROM unnest(p.polroles) r)
      || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '')
      || coalesce(' check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
    FROM holder h JOIN pg_policy p ON p.polrelid = h.oid
    """

  private static let views = """
    SELECT 'view', r.relname, '', 'owner ' || r.owner || r.rest || ' as '
      || regexp_replace(pg_get_viewdef(r.oid), '\\s+', ' ', 'g')
    FROM relation r WHERE r.relkind IN ('v', 'm')
    """

  /// Joins a sequence with the table whose column owns it.
  private static let holder = """
    LEFT JOIN pg_depend d ON r.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = r.oid
      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    LEFT JOIN holder h ON h.oid = d.refobjid
    """

  private static let sequences = """
    SELECT 'sequence', coalesce(h.relname, r.relname), CASE WHEN h.oid IS NULL THEN '' ELSE r.relname END,
      'owner ' || r.owner || coalesce(' of ' || a.attname, '') || ' ' || format_type(s.seqtypid, NULL) || ' '
      || concat_ws(' ', s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache)
      || CASE WHEN s.seqcycle THEN ' cycle' ELSE '' END || r.rest
    FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid \(holder)
    LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    """

  private static let grants = """
    SELECT 'grant', coalesce(h.relname, r.relname), CASE WHEN h.oid IS NULL THEN '' ELSE r.relname END, g.text
    FROM relation r \(holder) CROSS JOIN LATERAL (
      SELECT CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END || ' ' || x.privilege_type
        || CASE WHEN x.is_grantable THEN ' grantable' ELSE '' END
      FROM aclexplode(
        coalesce(r.relacl, acldefault(CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", r.relowner))) x
      UNION ALL
      SELECT CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END || ' ' || x.privilege_type
        || ' (' || a.attname || ')' || CASE WHEN x.is_grantable THEN ' grantable' ELSE '' END
      FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = r.oid AND NOT a.attisdropped
    ) g (text)
    """
}
