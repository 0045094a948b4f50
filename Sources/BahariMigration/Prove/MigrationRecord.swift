import BahariPostgres
import Foundation

/// The state of the database after a migration, with which later verifications compare. It is written in the
/// migration's transaction.
package struct MigrationRecord: Codable, Sendable {
  /// The number of the transaction that wrote the ledger's last row. It identifies the migration of this record.
  let transaction: String
  /// The fingerprints of the tables' old columns, by legacy names.
  let fingerprints: [String: Fingerprint]
  let catalog: CanonicalCatalog
  /// The catalog before the first phase; nil in records of earlier versions of this program.
  let legacyCatalog: CanonicalCatalog?
  /// How many rows of each table were deleted before the migration, as PostgreSQL's statistics count them, by the
  /// tables' legacy names.
  let deleted: [String: Int64]
  /// The times of the design's reads before the migration; nil if they were not measured.
  package let baseline: Baseline?

  /// Creates the table of the records in the schema `bahari`.
  static func create(_ session: Session) throws {
    try session.execute(
      """
      CREATE TABLE IF NOT EXISTS bahari.migration_record (
        recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(), record jsonb NOT NULL)
      """)
  }

  /// - Parameters:
  ///   - before: The state at the beginning of the transaction, under the locks.
  ///   - after: The state at the end of the transaction, with equal rows and values.
  ///   - isFirst: Whether no phase was applied before this transaction.
  static func keep(
    _ before: Snapshot, _ after: Snapshot, isFirst: Bool, _ baseline: Baseline?, _ session: Session
  ) throws {
    guard let state = try RecordedState.read(session) else { return }
    // Later transactions of a migration keep the times and the legacy catalog that the first one recorded.
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

  /// How many rows of each table were deleted so far, as PostgreSQL's statistics count them, by the tables' legacy
  /// names.
  static func deletions(_ session: Session) throws -> [String: Int64] {
    var counts: [String: Int64] = [:]
    for table in try LegacyColumns.read(session) {
      let rows = try session.query(
        "SELECT pg_catalog.pg_stat_get_tuples_deleted(to_regclass($1))", [Identifier.qualified(table.name)])
      counts[table.legacyName] = rows.int64(0, 0) ?? 0
    }
    return counts
  }

  /// The record of the applied migration. A record of an earlier migration that was undone is ignored.
  package static func current(_ session: Session) throws -> MigrationRecord? {
    let (record, state) = (try latest(session), try RecordedState.read(session))
    return record?.transaction == state?.transaction ? record : nil
  }

  /// The newest record, of any migration.
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
