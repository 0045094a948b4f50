import BahariPostgres

/// Finds facts that an administrator should know before a migration, but that are no reason to refuse it.
struct Warnings {
  let inspector: Inspector
  let extra: [Inspection.ExtraColumn]
  let dependents: [Inspection.Dependent]

  private var session: Session { inspector.session }
  private var tables: [LegacyColumns] { inspector.tables }

  func find() throws -> [String] {
    let found = try counts() + columns() + keys() + times() + owners() + columnGrants() + listeners()
    let extras = extra.map { "\($0.table).\($0.column) (\($0.type)) is a column of this installation alone: it stays" }
    let missing = inspector.facts.missing.map {
      "this installation has no \($0.text): \($0.name) is created, and dropped again by undo"
    }
    let functions = dependents.filter(\.breaks).map {
      "the function \($0.name) uses \($0.tables.joined(separator: ", ")) by name: it keeps working through the views "
        + "under the old names, and fails without them"
    }
    return found + extras + missing + functions
  }

  /// Warns if the numbers of regions differ from the design's. The migration only has to keep the rows that it finds,
  /// so such a difference is no reason to refuse it.
  private func counts() -> [String] {
    let expected: KeyValuePairs<String, ClosedRange<Int64>> = [
      "provinces": 34...34, "regencies": 514...514, "districts": 7_000...7_999, "villages": 80_000...89_999,
    ]
    return expected.compactMap { table, range in
      guard let rows = inspector.facts.rows[table], !range.contains(rows) else { return nil }
      let expected = range.count == 1 ? "\(range.lowerBound)" : "about \(range.lowerBound)"
      return "\(table) has \(rows) rows; the design expects \(expected)"
    }
  }

  /// Warns of columns whose length, precision or NOT NULL differs from the legacy schema.
  private func columns() -> [String] {
    tables.flatMap { table in
      (LegacySchema.table(table.legacyName)?.columns ?? []).flatMap { column -> [String] in
        guard let found = table.columns.first(where: { $0.name == column.name }) else { return [] }
        let name = "\(table.name).\(column.name)"
        let type = found.type == column.type ? [] : ["\(name) is \(found.type), and \(column.type) elsewhere: it stays"]
        guard column.name != "id", found.isNotNull != column.isNotNull else { return type }
        return type + ["\(name) \(found.isNotNull ? "does not admit" : "admits") NULL, unlike elsewhere: it stays so"]
      }
    }
  }

  /// Warns of foreign keys that cascade otherwise than in the legacy schema, or that PostgreSQL has not checked.
  private func keys() throws -> [String] {
    let rows = try session.texts(
      """
      SELECT c.relname::text, o.conname::text, a.attname::text, (o.confdeltype = 'c' AND o.confupdtype = 'c')::text,
        o.convalidated::text
      FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class c ON c.oid = o.conrelid
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.conkey[1]
      WHERE o.contype = 'f' AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY (string_to_array($1, ','))
      ORDER BY 1, 2
      """, [tables.map(\.name).joined(separator: ",")])
    return rows.flatMap { row -> [String] in
      let expected = LegacySchema.table(Rename.old(row[0]))?.foreignKeys.first { $0.column == row[2] }
      var words: [String] = []
      if let expected, expected.cascades != (row[3] == "true") {
        words.append("\(row[0]): \(row[1]) \(expected.cascades ? "does not cascade" : "cascades"), unlike elsewhere")
      }
      if row[4] != "true" { words.append("\(row[0]): \(row[1]) is NOT VALID: PostgreSQL never checked its old rows") }
      return words
    }
  }

  /// Warns if values of type `timestamp`, which has no time zone and should be UTC, may be local times.
  private func times() throws -> [String] {
    var words: [String] = []
    let zone = try serverZone()
    let utc = ["UTC", "Etc/UTC", "GMT", "Etc/GMT", "UCT", "Etc/UCT", "Universal", "Zulu"]
    if let zone, !utc.contains(zone) {
      words.append(
        "the server's time zone is \(zone): times that defaults wrote (created_at, updated_at) are local, not UTC")
    }
    guard let absensi = tables.first(where: { $0.legacyName == "absensi" }), absensi.old.contains("checkin") else {
      return words
    }
    // Work in Indonesia begins from 7 to 9. In UTC that is from 22 to 2, so check-ins from 6 to 10 look like local
    // times.
    let rows = try session.query(
      """
      SELECT count(*), count(*) FILTER (WHERE extract(hour FROM checkin) BETWEEN 6 AND 10)
      FROM \(Identifier.qualified(absensi.name))
      """)
    let (all, local) = (rows.int64(0, 0) ?? 0, rows.int64(0, 1) ?? 0)
    if all >= 10 && local * 2 > all {
      words.append(
        "\(local) of \(all) check-ins of \(absensi.name) lie between 6:00 and 10:59: these look like local time, "
          + "and UTC is the rule. Nothing is converted")
    }
    return words
  }

  /// The time zone of sessions that set none: the database's, else the server's; nil if this role may not read it.
  private func serverZone() throws -> String? {
    let set = try session.column(
      """
      SELECT split_part(c, '=', 2) FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c
      WHERE s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND s.setrole = 0 AND lower(split_part(c, '=', 1)) = 'timezone'
      """)
    if let zone = set.first { return zone }
    let may = try session.query(
      """
      SELECT has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE')
        AND has_table_privilege('pg_catalog.pg_file_settings', 'SELECT')
      """)
    guard may.bool(0, 0) == true else { return nil }
    return try session.column(
      "SELECT setting FROM pg_catalog.pg_file_settings WHERE lower(name) = 'timezone' AND applied"
    ).last
  }

  private func columnGrants() throws -> [String] {
    try session.column(
      """
      SELECT DISTINCT c.relname || ': ' || CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END
        || ' has grants on some columns only: it can read through no view under the old name'
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) x
      WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (string_to_array($1, ',')) ORDER BY 1
      """, [tables.map(\.name).joined(separator: ",")])
  }

  /// Warns of publications, whose subscribers find tables by name, and of event triggers, which run with the
  /// migration's statements.
  private func listeners() throws -> [String] {
    let publications = try session.column(
      """
      SELECT DISTINCT tablename || ' is published in ' || pubname
        || ': subscribers find it by name, and will not find it any more'
      FROM pg_catalog.pg_publication_tables
      WHERE schemaname = 'public' AND tablename = ANY (string_to_array($1, ',')) ORDER BY 1
      """, [tables.map(\.name).joined(separator: ",")])
    let triggers = try session.column(
      """
      SELECT 'the event trigger ' || evtname || ' runs with the statements of the migration'
      FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D' ORDER BY 1
      """)
    return publications + triggers
  }

  private func owners() throws -> [String] {
    let owners = try session.column(
      """
      SELECT DISTINCT pg_get_userbyid(c.relowner)::text FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (string_to_array($1, ',')) ORDER BY 1
      """, [tables.map(\.name).joined(separator: ",")])
    guard owners.count > 1 else { return [] }
    return [
      "the tables have several owners (\(owners.joined(separator: ", "))): new tables belong to the role that migrates"
    ]
  }
}
