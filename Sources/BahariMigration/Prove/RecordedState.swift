import BahariPostgres
import Foundation

/// The last applied phase's transaction, time and row counts, from the ledger.
struct RecordedState {
  /// The number of the transaction that applied the phase. Rows that were written later have a younger number.
  let transaction: String
  let committedAt: String
  /// The number of rows of each table, by the tables' legacy names.
  let counts: [String: Int64]

  /// Reads the state of the last applied phase; nil if no phase is applied.
  static func read(_ session: Session) throws -> RecordedState? {
    let exists = try session.query("SELECT to_regclass('bahari.migration_ledger') IS NOT NULL").bool(0, 0) ?? false
    guard exists else { return nil }
    let rows = try session.texts(
      """
      SELECT xmin::text, started_at::text, counts::text FROM bahari.migration_ledger
      WHERE undone_at IS NULL ORDER BY phase DESC LIMIT 1
      """)
    return try rows.first.map { row in
      RecordedState(
        transaction: row[0], committedAt: row[1],
        counts: try JSONDecoder().decode([String: Int64].self, from: Data(row[2].utf8)))
    }
  }
}
