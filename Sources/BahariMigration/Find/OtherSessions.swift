import BahariPostgres

/// The sessions of other clients in the database.
enum OtherSessions {
  /// Counts the sessions of other clients. Sessions that this program has just closed stay in PostgreSQL's list for a
  /// moment, so the list is read again for up to a second until it is empty.
  static func count(_ session: Session) throws -> Int {
    var count: Int64 = 0
    for attempt in 0..<10 {
      if attempt > 0 { try session.query("SELECT pg_sleep(0.1)") }
      count =
        try session.query(
          """
          SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database()
            AND backend_type = 'client backend' AND pid <> pg_backend_pid()
          """
        ).int64(0, 0) ?? 0
      if count == 0 { break }
    }
    return Int(count)
  }
}
