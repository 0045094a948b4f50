import BahariPostgres

/// Finds every reason to refuse a migration before it changes anything.
struct Obstacles {
  let inspector: Inspector
  let applied: [Int]
  let extra: [Inspection.ExtraColumn]

  private var session: Session { inspector.session }
  private var tables: [LegacyColumns] { inspector.tables }

  func find() throws -> [Refusal] {
    let shape = try server() + unexpectedNames() + columns() + mandatory() + keysElsewhere()
    // Rows are checked only if tables and columns are as expected: the queries would fail otherwise.
    let rows = shape.isEmpty ? try duplicates() + orphans() : []
    return try shape + rows + takenNames() + editedPhases() + others() + keptRows() + extensions()
  }

  private func server() throws -> [Refusal] {
    var refusals: [Refusal] = []
    let encoding = session.setting("server_encoding") ?? "unknown"
    if encoding != "UTF8" {
      refusals.append(Refusal(.encoding, "the database's encoding is \(encoding); it must be UTF8"))
    }
    if session.serverVersion < 150_000 {
      refusals.append(
        Refusal(.state, "PostgreSQL has version \(session.serverVersion / 10_000); it must be 15 or newer"))
    }
    if try session.query("SELECT pg_is_in_recovery()").bool(0, 0) == true {
      refusals.append(Refusal(.state, "this server is a read-only standby: migrate on its primary"))
    }
    return refusals
  }

  /// Refuses a table that is missing, or whose name is not the one that the applied phases give it.
  private func unexpectedNames() -> [Refusal] {
    Rename.tables.compactMap { old, new, phase in
      let expected = applied.contains(phase) ? new : old
      guard let table = tables.first(where: { $0.legacyName == old }) else {
        return Refusal(.missingTable, "the table \(expected) is missing in the schema public", table: expected)
      }
      guard table.name != expected else { return nil }
      return Refusal(
        .state,
        "\(table.name) is there and \(expected) is not, and the ledger has "
          + (applied.isEmpty ? "no applied phase" : "the phases \(applied.map { "\($0)" }.joined(separator: ", ")))")
          + ": it was renamed by other means; rename it back first", table: table.name)
    }
  }

  private func columns() -> [Refusal] {
    tables.flatMap { table -> [Refusal] in
      let types = Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0.baseType) })
      let expected = LegacySchema.table(table.legacyName)?.columns ?? []
      let wrong = expected.compactMap { column -> Refusal? in
        let base = String(column.type.prefix { $0 != "(" })
        guard let type = types[column.name] else {
          return Refusal(
            .missingColumn, "\(table.name) has no column \(column.name)", table: table.name, column: column.name)
        }
        guard type != base else { return nil }
        return Refusal(
          .type, "\(table.name).\(column.name) is \(type), and has to be \(base): convert it first",
          table: table.name, column: column.name)
      }
      let early = applied.contains(Phase.newColumns.number) ? [] : table.added
      return wrong
        + early.map {
          Refusal(
            .columnExists,
            "\(table.name) has a column \($0) already, which phase \(Phase.newColumns.number) adds: rename yours first",
            table: table.name, column: $0)
        }
    }
  }

  private func mandatory() -> [Refusal] {
    extra.filter(\.isMandatory).map {
      Refusal(
        .mandatoryColumn,
        "\($0.table).\($0.column), which only this installation has, is mandatory and has no default: "
          + "Bahari could create no rows; give it a default or allow NULL", table: $0.table, column: $0.column)
    }
  }

  private func keysElsewhere() throws -> [Refusal] {
    let missing = inspector.facts.missing.filter { $0.kind == .primaryKey }
    guard !missing.isEmpty else { return [] }
    let keyed = Set(
      try session.column(
        """
        SELECT c.relname::text FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class c ON c.oid = o.conrelid
        WHERE o.contype = 'p' AND c.relnamespace = 'public'::regnamespace
        """))
    return missing.filter { keyed.contains($0.table) }.map {
      Refusal(.keyElsewhere, "the primary key of \($0.table) is not id, and has to be id", table: $0.table)
    }
  }

  // MARK: - Rows

  /// Refuses duplicate and missing values, with which a missing key cannot be created.
  private func duplicates() throws -> [Refusal] {
    try inspector.facts.missing.filter { $0.kind == .primaryKey || $0.kind == .unique }.flatMap { key in
      let table = Identifier.qualified(tables.first { $0.legacyName == key.table }?.name ?? key.table)
      let column = key.columns[0]
      let rows = try session.texts(
        """
        SELECT \(column)::text, count(*)::text, array_to_string((array_agg(id ORDER BY id))[1:10], ',')
        FROM \(table) WHERE \(column) IS NOT NULL GROUP BY \(column) HAVING count(*) > 1 ORDER BY \(column) LIMIT 10
        """)
      var found = rows.map {
        Refusal(
          .duplicates,
          "\(key.table) has \($0[1]) rows with the \(column) \($0[0]) (ids \($0[2])): "
            + "its \(key.kind == .unique ? "unique" : "primary") key is missing and cannot be created",
          table: key.table, column: column, ids: $0[2].split(separator: ",").map(String.init))
      }
      if key.kind == .primaryKey {
        let count = try session.query("SELECT count(*) FROM \(table) WHERE \(column) IS NULL").int64(0, 0) ?? 0
        if count > 0 {
          found.append(
            Refusal(
              .missingValue, "\(count) rows of \(key.table) have no \(column): its primary key cannot be created",
              table: key.table, column: column))
        }
      }
      return found
    }
  }

  private func orphans() throws -> [Refusal] {
    try Orphans.find(session).map {
      Refusal(.orphans, $0.description, table: $0.table, column: $0.column, ids: $0.ids)
    }
  }

  /// Refuses rows that an undo kept in `bahari_undone` if the legacy rows to which they refer are deleted.
  private func keptRows() throws -> [Refusal] {
    let values = try NewColumns.names.keys.sorted().filter { inspector.facts.kept[$0] != nil }.compactMap { name in
      try keptRows(name, "id", of: Rename.old(name))
    }
    return try values + keptReferences().compactMap { try keptRows($0[0], $0[1], of: String($0[1].dropLast(3))) }
  }

  private func keptRows(_ kept: String, _ column: String, of legacy: String) throws -> Refusal? {
    guard let target = tables.first(where: { $0.legacyName == legacy }) else { return nil }
    let ids = try session.column(
      """
      SELECT k.id::text FROM \(Kept.qualified(kept)) k WHERE k.\(column) IS NOT NULL
        AND NOT EXISTS (SELECT FROM \(Identifier.qualified(target.name)) t WHERE t.id = k.\(column))
      ORDER BY k.id LIMIT 10
      """)
    guard !ids.isEmpty else { return nil }
    return Refusal(
      .kept,
      "\(Kept.schema).\(kept), which an undo kept, has rows whose \(column) is gone from \(target.name): "
        + "delete or correct them first (ids \(ids.joined(separator: ", ")))", table: kept, column: column, ids: ids)
  }

  /// The new tables in `bahari_undone`, each with the name of a column that refers to a legacy table.
  private func keptReferences() throws -> [[String]] {
    try session.texts(
      """
      SELECT c.relname::text, a.attname::text FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('kelompok_nelayan_id', 'penyuluh_id')
      WHERE c.relkind = 'r' AND c.relname = ANY (string_to_array($2, ','))
      """, [Kept.schema, PhaseStatements.allNewTables.joined(separator: ",")])
  }

  // MARK: - Names, phases, others

  /// Refuses the migration if an object in `public` has a name that the migration needs. Names of views under old names
  /// are not checked.
  private func takenNames() throws -> [Refusal] {
    let waiting = Phase.all.map(\.number).filter { !applied.contains($0) }
    let renames = inspector.facts.renames.map(\.new)
    let made = waiting.flatMap { PhaseStatements.make($0, .none) }.filter { !$0.sql.contains(" bahari.") }
    let taken = try session.column(
      """
      SELECT relname::text FROM pg_catalog.pg_class
      WHERE relnamespace = 'public'::regnamespace AND relname = ANY (string_to_array($1, ',')) ORDER BY 1
      """, [(renames + made.compactMap(\.creates)).joined(separator: ",")])
    return taken.map {
      Refusal(
        .nameTaken, "the name \($0) is needed and an object in the schema public has it: rename yours first", table: $0)
    }
  }

  private func editedPhases() throws -> [Refusal] {
    try Ledger(session: session).edited(program: true).map {
      Refusal(
        .editedPhase,
        "phase \($0) was applied with other statements than this program has, or its row in "
          + "bahari.migration_ledger was edited: undo it with the program that applied it, or restore the backup")
    }
  }

  private func others() throws -> [Refusal] {
    let dumps = try session.column(
      """
      SELECT pid::text FROM pg_catalog.pg_stat_activity
      WHERE datname = current_database() AND application_name = 'pg_dump' AND pid <> pg_backend_pid()
      """)
    let prepared = try session.column(
      "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = current_database() ORDER BY 1")
    return dumps.map {
      Refusal(.dump, "a dump of this database is running (process \($0)): wait until it has ended")
    }
      + prepared.map {
        Refusal(
          .prepared, "the prepared transaction \($0) holds locks: commit or roll it back (COMMIT PREPARED '\($0)')")
      } + (try privileges())
  }

  private func privileges() throws -> [Refusal] {
    let foreign = try session.column(
      """
      SELECT c.relname::text FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (string_to_array($1, ','))
        AND NOT pg_has_role(c.relowner, 'USAGE') ORDER BY 1
      """, [tables.map(\.name).joined(separator: ",")])
    var refusals: [Refusal] = []
    if !foreign.isEmpty {
      refusals.append(
        Refusal(
          .privilege,
          "this role does not own \(foreign.joined(separator: ", ")): migrate as their owner or as a superuser"))
    }
    let may = try session.query(
      """
      SELECT has_schema_privilege('public', 'CREATE') AND (to_regnamespace('bahari') IS NOT NULL
        OR has_database_privilege(current_database(), 'CREATE'))
      """)
    if may.bool(0, 0) != true {
      refusals.append(
        Refusal(.privilege, "this role may not create schemas in the database, or tables in public: grant it CREATE"))
    }
    return refusals
  }

  private func extensions() throws -> [Refusal] {
    guard !applied.contains(Phase.additions.number) else { return [] }
    return try PhaseStatements.laterVersions.flatMap(\.extensions).compactMap { wanted in
      try (wanted.problem(session) ?? wanted.forbidden(session)).map { Refusal(.extensionMissing, $0) }
    }
  }
}
