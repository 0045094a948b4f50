import BahariPostgres
import Glibc

/// Reads a database: its state, its content, and the reasons to refuse a migration.
package struct Inspector {
  let session: Session
  let tables: [LegacyColumns]
  let facts: LegacyFacts

  package static func inspect(_ session: Session) throws -> Inspection {
    let tables = try LegacyColumns.read(session)
    return try Inspector(
      session: session, tables: tables, facts: try LegacyFacts(session, tables, views: false)
    ).inspect()
  }

  func inspect() throws -> Inspection {
    let applied = try Ledger.applied(session).map(\.phase)
    let others = try otherRelations()
    let state = try state(applied, others)
    let isOurs = state == .legacy || state == .partial
    let extra = isOurs ? extraColumns() : []
    let about = try session.texts(
      "SELECT current_database()::text, current_user::text, pg_database_size(current_database())::text")[0]
    var refusals = try stateRefusals(state, others)
    if isOurs { refusals += try Obstacles(inspector: self, applied: applied, extra: extra).find() }
    let dependents = isOurs ? try Dependents.find(session, tables) : []
    return Inspection(
      state: state, database: about[0], user: about[1], serverVersion: session.serverVersion,
      appliedPhases: applied, tables: try measured(), missing: isOurs ? facts.missing : [], extraColumns: extra,
      others: others, dependents: dependents,
      grants: isOurs ? try grants() : [], kept: facts.kept.keys.sorted(), longTransactions: try longTransactions(),
      databaseBytes: Int64(about[2]) ?? 0, freeBytes: try freeBytes(),
      warnings: isOurs ? try Warnings(inspector: self, extra: extra, dependents: dependents).find() : [],
      refusals: refusals)
  }

  // MARK: - State

  private func state(_ applied: [Int], _ others: [String]) throws -> Inspection.State {
    let version = try currentVersion()
    let renamed = tables.filter(\.isRenamed).count
    if version > 0 || applied.last == Phase.last.number { return .current }
    if LegacySchema.isMajority(tables.count) { return renamed == 0 && applied.isEmpty ? .legacy : .partial }
    return try tables.isEmpty && others.isEmpty && legacyElsewhere().isEmpty ? .empty : .foreign
  }

  private func currentVersion() throws -> Int {
    let exists = try session.query("SELECT to_regclass('bahari.schema_version') IS NOT NULL").bool(0, 0)
    guard exists == true else { return 0 }
    return Int(try session.column("SELECT coalesce(max(number), 0)::text FROM bahari.schema_version")[0]) ?? 0
  }

  private func stateRefusals(_ state: Inspection.State, _ others: [String]) throws -> [Refusal] {
    switch state {
    case .legacy, .partial: return []
    case .empty:
      return [Refusal(.state, "the database is empty: there is nothing to migrate; baharid serve creates the schema")]
    case .current: return [Refusal(.state, "the database has the present schema already: there is nothing to migrate")]
    case .foreign:
      let elsewhere = try legacyElsewhere()
      guard elsewhere.isEmpty else {
        return [
          Refusal(
            .state,
            "the legacy tables must be in the schema public, and are in \(elsewhere.joined(separator: ", ")): "
              + "move them with ALTER TABLE … SET SCHEMA public first")
        ]
      }
      return [
        Refusal(
          .state,
          "this is not a database of the old service: it has \(tables.count) of its \(LegacySchema.tables.count) tables, and "
            + (others.isEmpty ? "nothing else" : others.prefix(5).joined(separator: ", ")))
      ]
    }
  }

  /// The schemas other than `public` that have most of the legacy tables.
  private func legacyElsewhere() throws -> [String] {
    try session.column(
      """
      SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname <> 'public' AND c.relkind IN ('r', 'p') AND c.relname = ANY (string_to_array($1, ','))
      GROUP BY 1 HAVING count(*) >= \(LegacySchema.majority) ORDER BY 1
      """, [LegacySchema.names.joined(separator: ",")])
  }

  // MARK: - Content

  /// Tables and views in `public` that belong neither to the old service, nor to Bahari, nor to an extension.
  private func otherRelations() throws -> [String] {
    let ours =
      LegacySchema.names + LegacySchema.names.map(Rename.new) + PhaseStatements.allNewTables
    return try session.column(
      """
      SELECT c.relname::text FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND NOT c.relname = ANY (string_to_array($1, ','))
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1
      """, [ours.joined(separator: ",")])
  }

  private func measured() throws -> [Inspection.Table] {
    let rows = try session.texts(
      """
      SELECT relname::text, pg_get_userbyid(relowner)::text, pg_total_relation_size(oid)::text
      FROM pg_catalog.pg_class
      WHERE relnamespace = 'public'::regnamespace AND relname = ANY (string_to_array($1, ','))
      """, [tables.map(\.name).joined(separator: ",")])
    return tables.map { table in
      let about = rows.first { $0[0] == table.name }
      return Inspection.Table(
        legacyName: table.legacyName, name: table.name, owner: about?[1] ?? "",
        rows: facts.rows[table.legacyName] ?? 0, bytes: about.flatMap { Int64($0[2]) } ?? 0)
    }
  }

  private func extraColumns() -> [Inspection.ExtraColumn] {
    tables.flatMap { table in
      let known = (LegacySchema.table(table.legacyName)?.columns.map(\.name) ?? []) + table.added
      return table.columns.filter { !known.contains($0.name) }.map {
        Inspection.ExtraColumn(
          table: table.legacyName, column: $0.name, type: $0.type, isMandatory: $0.isMandatory)
      }
    }
  }

  private func grants() throws -> [String] {
    try session.column(
      """
      SELECT c.relname || ': ' || CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END
        || ' ' || string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type)
      FROM pg_catalog.pg_class c, aclexplode(c.relacl) x
      WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (string_to_array($1, ','))
        AND x.grantee <> c.relowner
      GROUP BY c.relname, x.grantee ORDER BY 1
      """, [tables.map(\.name).joined(separator: ",")])
  }

  /// Transactions of other sessions in this database that have been open for more than a minute.
  private func longTransactions() throws -> [Blocker] {
    try session.texts(
      """
      SELECT \(Blocker.columns) FROM pg_catalog.pg_stat_activity a
      WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
        AND a.xact_start < clock_timestamp() - interval '1 minute' ORDER BY a.xact_start
      """
    ).compactMap(Blocker.init)
  }

  private func freeBytes() throws -> Int64? {
    // Empty if the connection is not local, so that the disk may be another machine's, or if this role may not read the
    // setting.
    let directory = try session.column(
      """
      SELECT CASE WHEN inet_server_addr() IS NULL AND pg_has_role('pg_read_all_settings', 'USAGE')
        THEN current_setting('data_directory') ELSE '' END
      """)[0]
    guard !directory.isEmpty else { return nil }
    var about = statvfs()
    guard statvfs(directory, &about) == 0 else { return nil }
    return Int64(about.f_bavail) * Int64(about.f_frsize)
  }
}
