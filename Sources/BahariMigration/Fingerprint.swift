import BahariPostgres

/// What a table's rows come to, whatever their order: equal before and after, or something was lost or changed.
package struct Fingerprint: Codable, Hashable, Sendable, CustomStringConvertible {
  package let rows: Int64
  /// The sums of two hashes of every row with different seeds, as decimal numbers.
  package let first: String
  package let second: String

  package init(rows: Int64, first: String, second: String) {
    (self.rows, self.first, self.second) = (rows, first, second)
  }

  package var description: String { "\(rows) rows, \(first)/\(second)" }

  /// Of the old columns of every legacy table that is there, under its legacy or its new name; by legacy names.
  ///
  /// Old columns are all but those that phase 4 adds, also such as only this installation has.
  package static func take(_ session: Session) throws -> [String: Fingerprint] {
    try settle(session)
    var taken: [String: Fingerprint] = [:]
    for table in try LegacyColumns.read(session) {
      taken[table.legacyName] = try take(from: Identifier.qualified(table.name), columns: table.old, session)
    }
    return taken
  }

  /// Of these columns of the rows that `FROM source` brings. `settle` comes first.
  static func take(from source: String, columns: [String], _ session: Session) throws -> Fingerprint {
    let row = columns.map(Identifier.quoted).joined(separator: ", ")
    let rows = try session.query(
      """
      SELECT count(*), coalesce(sum(hashtextextended(r, 0)), 0)::text, coalesce(sum(hashtextextended(r, 1)), 0)::text
      FROM (SELECT ROW(\(row))::text FROM \(source)) t (r)
      """)
    return Fingerprint(
      rows: rows.int64(0, 0) ?? -1, first: rows.string(0, 1) ?? "", second: rows.string(0, 2) ?? "")
  }

  /// Values are hashed as text, so their text must not depend on who asks; and no policy may hide rows unnoticed.
  static func settle(_ session: Session) throws {
    try session.execute(
      """
      SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';
      SET extra_float_digits = 3; SET bytea_output = 'hex'; SET row_security = off
      """)
  }

  /// What differs between two sets, a line a table; empty when nothing does.
  package static func differences(
    before: [String: Fingerprint], after: [String: Fingerprint]
  ) -> [String] {
    Set(before.keys).union(after.keys).sorted().compactMap { table in
      let (old, new) = (before[table], after[table])
      guard old != new else { return nil }
      return "\(table): \(old?.description ?? "not there") before, \(new?.description ?? "not there") after"
    }
  }
}

/// A legacy table that is there, under one of its names, and its columns as they are.
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
