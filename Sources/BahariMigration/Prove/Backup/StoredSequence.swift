import BahariPostgres

/// A sequence and its last value.
struct StoredSequence {
  let fullName: String
  let last: Int64

  /// Returns all sequences of the database that have been used.
  static func all(_ session: Session) throws -> [StoredSequence] {
    let rows = try session.query(
      """
      SELECT schemaname || '.' || sequencename, last_value FROM pg_catalog.pg_sequences
      WHERE last_value IS NOT NULL ORDER BY 1
      """)
    return (0..<rows.count).map {
      StoredSequence(fullName: rows.string($0, 0) ?? "", last: rows.int64($0, 1) ?? 0)
    }
  }
}
