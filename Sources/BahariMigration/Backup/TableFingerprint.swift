import BahariPostgres

extension Fingerprint {
  /// Of these columns of any table, which `table` names as SQL does. `settleText` comes first.
  static func take(of table: String, columns: [String], _ session: Session) throws -> Fingerprint {
    let row = columns.map(Identifier.quoted).joined(separator: ", ")
    let rows = try session.query(
      """
      SELECT count(*), coalesce(sum(hashtextextended(r, 0)), 0)::text, coalesce(sum(hashtextextended(r, 1)), 0)::text
      FROM (SELECT ROW(\(row))::text FROM ONLY \(table)) t (r)
      """)
    return Fingerprint(
      rows: rows.int64(0, 0) ?? -1, first: rows.string(0, 1) ?? "", second: rows.string(0, 2) ?? "")
  }

  /// Values are hashed as text, so their text must not depend on who asks.
  static func settleText(_ session: Session) throws {
    try session.execute(
      """
      SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';
      SET extra_float_digits = 3; SET bytea_output = 'hex'
      """)
  }
}
