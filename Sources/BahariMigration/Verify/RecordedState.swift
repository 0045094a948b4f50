import BahariPostgres
import Foundation

/// What the ledger tells of the moment at which the migration was committed.
struct RecordedState {
  /// The transaction's number: what was written later has a younger one.
  let transaction: String
  let committedAt: String
  /// By legacy names.
  let counts: [String: Int64]
  let fingerprints: [String: Fingerprint]
  let catalog: CanonicalCatalog?

  /// Of the last phase that is applied; nil where none is.
  static func read(_ session: Session) throws -> RecordedState? {
    let exists = try session.query("SELECT to_regclass('bahari.migration_ledger') IS NOT NULL").bool(0, 0) ?? false
    guard exists else { return nil }
    let rows = try session.query(
      """
      SELECT l.xmin::text, l.started_at::text, (to_jsonb(l) -> 'counts')::text, (to_jsonb(l) -> 'fingerprints')::text,
        (to_jsonb(l) -> 'catalog')::text
      FROM bahari.migration_ledger l WHERE l.undone_at IS NULL ORDER BY l.phase DESC LIMIT 1
      """)
    guard rows.count > 0 else { return nil }
    func decoded<T: Decodable>(_ column: Int, _ type: T.Type) throws -> T? {
      guard let text = rows.string(0, column), text != "null" else { return nil }
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    }
    return RecordedState(
      transaction: rows.string(0, 0) ?? "", committedAt: rows.string(0, 1) ?? "",
      counts: try decoded(2, [String: Int64].self) ?? [:],
      fingerprints: try decoded(3, [String: Fingerprint].self) ?? [:],
      catalog: try decoded(4, CanonicalCatalog.self))
  }
}
