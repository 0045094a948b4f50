/// A session that holds a lock for which the migration waits, or whose transaction has been open for a long time.
package struct Blocker: Codable, Hashable, Sendable, CustomStringConvertible {
  package let pid: Int32
  package let user: String
  package let application: String
  package let state: String
  /// The first 200 characters of the session's last statement.
  package let query: String
  package let transactionSeconds: Double

  package var description: String {
    "process \(pid) (\(user)\(application.isEmpty ? "" : ", \(application)"), \(state), "
      + "\(Int(transactionSeconds)) s in its transaction): \(query)"
  }

  init?(_ row: [String]) {
    guard row.count == 6, let pid = Int32(row[0]) else { return nil }
    self.pid = pid
    (user, application, state, query) = (row[1], row[2], row[3], row[4])
    transactionSeconds = Double(row[5]) ?? 0
  }

  static let columns = """
    a.pid::text, coalesce(a.usename::text, ''), coalesce(a.application_name, ''), coalesce(a.state, ''),
    left(coalesce(a.query, ''), 200), coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::text
    """
}
