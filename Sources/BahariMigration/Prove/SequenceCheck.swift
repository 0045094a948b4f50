import BahariPostgres

/// Finds sequences that are behind the highest id in their column, so that inserts would fail.
enum SequenceCheck {
  /// Returns a line for each sequence that is behind, with the statement that corrects it.
  static func behind(_ session: Session) throws -> [String] {
    let owned = try session.texts(
      """
      SELECT c.relname::text, a.attname::text, s.relname::text
      FROM pg_catalog.pg_class s
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = s.oid
        AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
      JOIN pg_catalog.pg_class c ON c.oid = d.refobjid
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
      WHERE s.relkind = 'S' AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND s.relnamespace = 'public'::regnamespace
      ORDER BY 1
      """)
    return try owned.compactMap { row in
      let (table, column) = (Identifier.qualified(row[0]), Identifier.quoted(row[1]))
      let sequence = Identifier.qualified(row[2])
      let rows = try session.query(
        """
        SELECT CASE WHEN s.is_called THEN s.last_value ELSE s.last_value - 1 END,
          (SELECT coalesce(max(\(column)), 0)::bigint FROM \(table))
        FROM \(sequence) s
        """)
      guard let last = rows.int64(0, 0), let highest = rows.int64(0, 1), last < highest else { return nil }
      return "the sequence \(row[2]) is at \(last) and \(row[0]).\(row[1]) at \(highest): the next insert would fail; "
        + "SELECT setval('\(sequence)', \(highest))"
    }
  }
}
