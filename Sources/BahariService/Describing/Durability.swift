import BahariCatalog
import BahariPostgres

/// A setting or table with which PostgreSQL may lose writes that it has acknowledged.
package struct DurabilityRisk: Sendable, Equatable {
  /// The setting's or table's name, such as `fsync` or `public.mst_desa`.
  let subject: String
  /// A sentence for operators, with what to do about it.
  package let text: String

  /// The reason that health replies give for all risks.
  static let reason = "UNSAFE_DURABILITY"
}

/// Finds the risks with one statement. It reads only catalogs and settings, and takes no lock that others wait for.
package enum Durability {
  /// Reads the risks of these tables, of `bahari.request_log`, and of the session in which it runs.
  static func probe(_ tables: [String]) -> Bound {
    var parameters = Parameters()
    parameters.add(text: tables.joined(separator: ","))
    return Bound(statement, parameters)
  }

  /// Reads the risks of these tables in a blocking session.
  package static func risks(of tables: [Table], _ session: Session) throws(PostgresError) -> [DurabilityRisk] {
    let probe = probe(tables.map(\.name))
    return risks(try session.query(probe.statement.sql, probe.parameters))
  }

  static func risks(_ rows: Rows) -> [DurabilityRisk] {
    var risks: [DurabilityRisk] = []
    for row in 0..<rows.count {
      guard let kind = rows.string(row, 0), let subject = rows.string(row, 1) else { continue }
      let risk = DurabilityRisk(subject: subject, text: text(kind, subject))
      if !risks.contains(risk) { risks.append(risk) }
    }
    return risks
  }

  private static func text(_ kind: String, _ subject: String) -> String {
    func toSet(_ value: String) -> String {
      "set it to \(value) in postgresql.conf, or with ALTER SYSTEM, and reload the configuration"
    }
    switch (kind, subject) {
    case ("setting", "fsync"):
      return "fsync is off: a crash of the machine can lose acknowledged writes and damage the database; \(toSet("on"))"
    case ("setting", "full_page_writes"):
      return "full_page_writes is off: a crash of the machine can damage pages that were being written; \(toSet("on"))"
    case ("setting", "synchronous_commit"):
      return "synchronous_commit is off for the daemon's role: a crash of PostgreSQL can lose the last acknowledged "
        + "writes; set it to on where it is off: for the role, the database, or in postgresql.conf"
    case ("setting", "zero_damaged_pages"):
      return "zero_damaged_pages is on: rows of a damaged page are deleted without an error; \(toSet("off"))"
    case ("setting", _):
      return "\(subject) is on: damaged rows are read without an error; \(toSet("off"))"
    case ("sequence", _):
      return "\(subject) is UNLOGGED: a crash of PostgreSQL resets it, and ids are given again; "
        + "ALTER SEQUENCE \(subject) SET LOGGED"
    default:
      return "\(subject) is UNLOGGED: a crash of PostgreSQL empties it; ALTER TABLE \(subject) SET LOGGED"
    }
  }

  private static let statement = Statement(
    """
    WITH served AS (
      SELECT oid, relpersistence FROM pg_catalog.pg_class
      WHERE relnamespace = 'public'::regnamespace AND relname = ANY (string_to_array($1, ','))
    )
    SELECT 'setting', s.name FROM (VALUES
      ('fsync', 'off'), ('full_page_writes', 'off'), ('synchronous_commit', 'off'), ('zero_damaged_pages', 'on'),
      ('ignore_checksum_failure', 'on')) s (name, unsafe)
    WHERE pg_catalog.current_setting(s.name) = s.unsafe
    UNION ALL
    SELECT 'setting', r.name FROM (\(futureSessions)) r
    WHERE r.value IN ('off', 'false', 'no', '0') AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_settings WHERE name = 'synchronous_commit' AND source = 'client')
    UNION ALL
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, format('%I.%I', n.nspname, c.relname)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relpersistence = 'u' AND CASE c.relkind
      WHEN 'r' THEN n.nspname = 'bahari' OR c.oid IN (SELECT oid FROM served) OR EXISTS (
        SELECT FROM pg_catalog.pg_partition_ancestors(c.oid) a (oid) JOIN served USING (oid))
      WHEN 'S' THEN EXISTS (
        SELECT FROM pg_catalog.pg_depend d JOIN served t ON t.oid = d.refobjid
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
          AND d.refclassid = 'pg_catalog.pg_class'::regclass AND t.relpersistence <> 'u')
      ELSE false END
    """, [PostgresType.text.rawValue])

  /// The value of synchronous_commit that the role's next sessions get, if it is set for the role or the database.
  private static let futureSessions = """
    SELECT 'synchronous_commit' AS name, lower(split_part(c, '=', 2)) AS value
    FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c
    WHERE split_part(c, '=', 1) = 'synchronous_commit'
      AND s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
      AND s.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user))
    ORDER BY s.setrole <> 0 AND s.setdatabase <> 0 DESC, s.setrole <> 0 DESC LIMIT 1
    """
}
