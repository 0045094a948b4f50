import BahariPostgres

/// A checksum of a table's rows that does not depend on their order. It differs if a row was lost, added or changed.
package struct Fingerprint: Codable, Hashable, Sendable, CustomStringConvertible {
  package let rows: Int64
  /// Two sums over the hashes of all rows, with different seeds for the hashes, as decimal numbers.
  package let first: String
  package let second: String

  package init(rows: Int64, first: String, second: String) {
    (self.rows, self.first, self.second) = (rows, first, second)
  }

  package var description: String { "\(rows) rows, \(first)/\(second)" }

  /// Fingerprints of the old columns of every legacy table of the database, by legacy names.
  ///
  /// Old columns are all columns except those that phase 4 adds, also those that only this installation has.
  package static func take(_ session: Session) throws -> [String: Fingerprint] {
    try prepare(session)
    var taken: [String: Fingerprint] = [:]
    for table in try LegacyColumns.read(session) {
      taken[table.legacyName] = try take(from: Identifier.qualified(table.name), columns: table.old, session)
    }
    return taken
  }

  /// The fingerprint of these columns of a table or subquery, written as in a FROM clause. The session needs the
  /// settings of `prepare`.
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

  /// Sets how the session writes values as text, since the text is hashed. Also makes queries fail if a row security
  /// policy would hide rows.
  static func prepare(_ session: Session) throws {
    try session.execute(
      """
      SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';
      SET extra_float_digits = 3; SET bytea_output = 'hex'; SET row_security = off
      """)
  }

  /// The differences between two sets of fingerprints, one line for each table that differs.
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
