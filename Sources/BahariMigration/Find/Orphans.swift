import BahariPostgres

/// The rows of one table whose foreign key refers to a row that does not exist.
package struct Orphans: Codable, Hashable, Sendable, CustomStringConvertible {
  package let table: String
  package let column: String
  package let target: String
  package let targetColumn: String
  package let count: Int64
  /// The ids of the first ten such rows; their physical positions (`ctid`) if the table has no column `id`.
  package let ids: [String]

  package var description: String {
    "\(count) rows of \(table) have a \(column) that \(target) (\(targetColumn)) does not have: "
      + ids.joined(separator: ", ") + (count > Int64(ids.count) ? ", …" : "")
  }

  /// Checks every foreign key in `public`, and those of the design's section 4.2 that the database lacks.
  package static func find(_ session: Session) throws -> [Orphans] {
    let tablesWithId = Set(
      try session.column(
        """
        SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND a.attname = 'id' AND NOT a.attisdropped
        """))
    return try pairs(session).compactMap { try find($0, hasId: tablesWithId.contains($0.table), session) }
  }

  struct Pair: Hashable {
    let table: String
    let columns: [String]
    let target: String
    let targetColumns: [String]
  }

  private static func pairs(_ session: Session) throws -> [Pair] {
    let rows = try session.texts(
      """
      SELECT c.relname::text, t.relname::text, \(names("o.conrelid", "o.conkey")), \(names("o.confrelid", "o.confkey"))
      FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class c ON c.oid = o.conrelid
      JOIN pg_catalog.pg_class t ON t.oid = o.confrelid
      WHERE o.contype = 'f' AND o.conparentid = 0
        AND c.relnamespace = 'public'::regnamespace AND t.relnamespace = 'public'::regnamespace
      """)
    var pairs = rows.map {
      Pair(
        table: $0[0], columns: $0[2].split(separator: ",").map(String.init), target: $0[1],
        targetColumns: $0[3].split(separator: ",").map(String.init))
    }
    let tables = try LegacyColumns.read(session)
    for expected in ExpectedObject.all where expected.kind == .foreignKey {
      guard let table = tables.first(where: { $0.legacyName == expected.table }),
        let target = tables.first(where: { $0.legacyName == expected.target }),
        table.old.contains(expected.columns[0]), target.old.contains(expected.targetColumn ?? "id")
      else { continue }
      pairs.append(
        Pair(
          table: table.name, columns: expected.columns, target: target.name,
          targetColumns: [expected.targetColumn ?? "id"]))
    }
    return Set(pairs).sorted { ($0.table, $0.columns.description) < ($1.table, $1.columns.description) }
  }

  private static func names(_ relation: String, _ key: String) -> String {
    """
    (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(\(key)) WITH ORDINALITY k (number, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = \(relation) AND a.attnum = k.number)
    """
  }

  private static func find(_ pair: Pair, hasId: Bool, _ session: Session) throws -> Orphans? {
    let join = zip(pair.columns, pair.targetColumns).map {
      "r.\(Identifier.quoted($1)) = t.\(Identifier.quoted($0))"
    }.joined(separator: " AND ")
    let given = pair.columns.map { "t.\(Identifier.quoted($0)) IS NOT NULL" }.joined(separator: " AND ")
    let id = hasId ? "t.id" : "t.ctid"
    let orphans = """
      FROM \(Identifier.qualified(pair.table)) t WHERE \(given)
        AND NOT EXISTS (SELECT FROM \(Identifier.qualified(pair.target)) r WHERE \(join))
      """
    let count = try session.query("SELECT count(*) \(orphans)").int64(0, 0) ?? 0
    guard count > 0 else { return nil }
    return Orphans(
      table: pair.table, column: pair.columns.joined(separator: ", "), target: pair.target,
      targetColumn: pair.targetColumns.joined(separator: ", "), count: count,
      ids: try session.column("SELECT \(id)::text \(orphans) ORDER BY \(id) LIMIT 10"))
  }
}
