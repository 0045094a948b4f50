import BahariPostgres

/// A legacy table of the database, under its old or its new name, with its present columns.
struct LegacyColumns {
  let legacyName: String
  /// Its present name.
  let name: String
  /// All columns but those that phase 4 adds, in order.
  let old: [String]
  /// Those that phase 4 adds and that are there.
  let added: [String]

  var isRenamed: Bool { name != legacyName }

  static func read(_ session: Session) throws -> [LegacyColumns] {
    let names = LegacySchema.names + LegacySchema.names.map(Rename.new)
    let rows = try session.texts(
      """
      SELECT c.relname::text, a.attname::text
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND c.relname = ANY (string_to_array($1, ','))
      ORDER BY a.attnum
      """, [names.joined(separator: ",")])
    let columns = Dictionary(grouping: rows) { $0[0] }.mapValues { $0.map { $0[1] } }
    return LegacySchema.names.compactMap { legacy in
      let name = columns[legacy] == nil ? Rename.new(legacy) : legacy
      guard let all = columns[name] else { return nil }
      let new = NewColumns.names[Rename.new(legacy)] ?? []
      return LegacyColumns(
        legacyName: legacy, name: name, old: all.filter { !new.contains($0) }, added: all.filter(new.contains))
    }
  }
}
