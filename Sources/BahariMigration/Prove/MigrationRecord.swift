import BahariPostgres
import Foundation

/// What later verifications compare with, kept in the migration's own transaction.
package struct MigrationRecord: Codable, Sendable {
  /// The number of the transaction that wrote the ledger's last row: the record is of that migration and no other.
  let transaction: String
  /// By legacy names, those under the last lock.
  let fingerprints: [String: Fingerprint]
  let catalog: CanonicalCatalog
  /// Before the first phase; nil in records of earlier versions.
  let legacyCatalog: CanonicalCatalog?
  /// How many rows PostgreSQL has counted as deleted from each table up to then.
  let deleted: [String: Int64]
  /// The times before; nil where they were not measured.
  package let baseline: Baseline?

  /// Where records are kept, in the ledger's schema.
  static func create(_ session: Session) throws {
    try session.execute(
      """
      CREATE TABLE IF NOT EXISTS bahari.migration_record (
        recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(), record jsonb NOT NULL)
      """)
  }

  /// - Parameters:
  ///   - before: taken under the locks.
  ///   - after: the same, and found equal to it in rows and values.
  ///   - isFirst: no phase was applied before.
  static func keep(
    _ before: Snapshot, _ after: Snapshot, isFirst: Bool, _ baseline: Baseline?, _ session: Session
  ) throws {
    guard let state = try RecordedState.read(session) else { return }
    // A migration that went on has the times and the catalog of its first part.
    let earlier = isFirst ? nil : try latest(session)
    let record = MigrationRecord(
      transaction: state.transaction, fingerprints: after.fingerprints, catalog: after.catalog,
      legacyCatalog: isFirst ? before.catalog : earlier?.legacyCatalog, deleted: try deletions(session),
      baseline: baseline ?? earlier?.baseline)
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    let json = String(decoding: try encoder.encode(record), as: UTF8.self)
    try session.query("INSERT INTO bahari.migration_record (record) VALUES ($1::text::jsonb)", [json])
  }

  /// By legacy names, as PostgreSQL's statistics have it.
  static func deletions(_ session: Session) throws -> [String: Int64] {
    var counts: [String: Int64] = [:]
    for table in try LegacyColumns.read(session) {
      let rows = try session.query(
        "SELECT pg_catalog.pg_stat_get_tuples_deleted(to_regclass($1))", [Identifier.qualified(table.name)])
      counts[table.legacyName] = rows.int64(0, 0) ?? 0
    }
    return counts
  }

  /// That of the migration that is applied; one of an earlier migration that was undone says nothing of it.
  package static func current(_ session: Session) throws -> MigrationRecord? {
    let (record, state) = (try latest(session), try RecordedState.read(session))
    return record?.transaction == state?.transaction ? record : nil
  }

  /// The last one that was kept, of whatever migration.
  private static func latest(_ session: Session) throws -> MigrationRecord? {
    let exists = try session.query("SELECT to_regclass('bahari.migration_record') IS NOT NULL").bool(0, 0) ?? false
    guard exists else { return nil }
    let texts = try session.column(
      "SELECT record::text FROM bahari.migration_record ORDER BY recorded_at DESC LIMIT 1")
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try texts.first.map { try decoder.decode(MigrationRecord.self, from: Data($0.utf8)) }
  }
}
