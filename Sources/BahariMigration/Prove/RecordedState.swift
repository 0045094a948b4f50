import BahariPostgres
import Foundation

/// What the ledger tells of the moment at which the migration was committed.
struct RecordedState {
  /// The transaction's number: what was written later has a younger one.
  let transaction: String
  let committedAt: String
  /// By legacy names.
  let counts: [String: Int64]

  /// Of the last phase that is applied; nil where none is.
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
