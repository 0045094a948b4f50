import BahariPostgres

/// The comparison of a migrated database with the record of its migration.
package struct Verification: Codable, Sendable {
  package struct Table: Codable, Sendable {
    package let name: String
    package let legacyName: String
    /// Rows when the migration was committed; nil where that was not recorded.
    package let before: Int64?
    package let now: Int64
    /// Rows that later transactions have written.
    package let writtenSince: Int64
    /// Rows that were deleted since, by PostgreSQL's statistics.
    package let deletedSince: Int64
    /// Whether the old columns have the values of then; nil where these were not recorded.
    package let isEqual: Bool?
  }

  package struct Read: Codable, Sendable {
    package let name: String
    /// Milliseconds; nil where they were not measured.
    package let before: Double?
    package let after: Double
    package let ratio: Double?
    /// The present output of EXPLAIN ANALYZE.
    package let plan: [String]
  }

  package private(set) var migratedAt: String?
  package private(set) var tables: [Table] = []
  package private(set) var orphans: [Orphans] = []
  package private(set) var catalogDifferences: [String] = []
  package private(set) var reads: [Read] = []
  /// How many services answered List and Get.
  package private(set) var services = 0
  package private(set) var serviceFaults: [String] = []
  /// The rollback triggers of the design's section 9.6 that were met.
  package private(set) var rollbackReasons: [String] = []
  package private(set) var warnings: [String] = []

  package var rows: Int64 { tables.reduce(0) { $0 + $1.now } }

  /// Compares everything in the database; `note` adds the answers of the services.
  package init(_ session: Session, checking: (String) -> Void = { _ in }) throws {
    let recorded = try RecordedState.read(session)
    let record = try MigrationRecord.current(session)
    migratedAt = recorded?.committedAt
    if recorded == nil { rollbackReasons.append("the ledger has no migration of this database") }
    checking("rows and values")
    try compareRows(session, recorded, record)
    checking("foreign keys")
    orphans = try Orphans.find(session)
    rollbackReasons += orphans.map { "orphaned records: \($0)" }
    checking("the catalog")
    try compareCatalog(session, record)
    checking("sequences")
    warnings += try SequenceCheck.behind(session)
    checking("the design's three reads")
    compareReads(before: record?.baseline, now: try Baseline.take(session))
  }

  // MARK: Rows

  private mutating func compareRows(
    _ session: Session, _ recorded: RecordedState?, _ record: MigrationRecord?
  ) throws {
    let now = try Fingerprint.take(session)
    let deleted = try MigrationRecord.deletions(session)
    for table in try LegacyColumns.read(session) {
      guard let found = now[table.legacyName] else { continue }
      let old = record?.fingerprints[table.legacyName]
      let entry = Table(
        name: table.name, legacyName: table.legacyName, before: old?.rows ?? recorded?.counts[table.legacyName],
        now: found.rows, writtenSince: try written(since: recorded?.transaction, table.name, session),
        deletedSince: record.map { max((deleted[table.legacyName] ?? 0) - ($0.deleted[table.legacyName] ?? 0), 0) }
          ?? 0,
        isEqual: old.map { $0 == found })
      tables.append(entry)
      judge(entry)
    }
    for lost in LegacySchema.names where now[lost] == nil {
      rollbackReasons.append("data loss: \(Rename.new(lost)), formerly \(lost), is missing")
    }
  }

  private mutating func judge(_ table: Table) {
    let difference = table.before.map { table.now - $0 } ?? 0
    guard table.isEqual == false || difference != 0 else { return }
    let rows = "\(table.name) has \(table.now) rows, \(table.before ?? 0) when it was migrated"
    // Rows that were updated or deleted since are work; rows that are gone beyond these are lost.
    guard difference + table.writtenSince + table.deletedSince >= 0 else {
      return rollbackReasons.append("row count mismatch: \(rows), and none was deleted since")
    }
    guard table.writtenSince + table.deletedSince > 0 else {
      return rollbackReasons.append(
        "data changed: \(rows), with other values, and no later transaction has written any")
    }
    warnings.append(
      "\(rows); since then \(table.writtenSince) of them were written and \(table.deletedSince) deleted, so that values "
        + "cannot be compared")
  }

  private func written(since transaction: String?, _ table: String, _ session: Session) throws -> Int64 {
    guard let transaction else { return 0 }
    return try session.query(
      "SELECT count(*) FROM ONLY \(Identifier.qualified(table)) WHERE age(xmin) < age($1::text::xid)", [transaction]
    ).int64(0, 0) ?? 0
  }

  // MARK: Catalog

  private mutating func compareCatalog(_ session: Session, _ record: MigrationRecord?) throws {
    guard let catalog = record?.catalog else { return }
    catalogDifferences = CanonicalCatalog.differences(expected: catalog, found: try CanonicalCatalog.read(session))
    warnings += catalogDifferences.map { "the schema differs from that of the migration: \($0)" }
  }

  // MARK: Reads

  /// A time below the design's limit is never a reason for a rollback: a ratio of microseconds has no meaning.
  private mutating func compareReads(before: Baseline?, now: Baseline) {
    for read in now.reads {
      let old = before?.reads.first { $0.name == read.name }?.milliseconds
      let ratio = old.map { read.milliseconds / max($0, 0.001) }
      reads.append(
        Read(name: read.name, before: old, after: read.milliseconds, ratio: ratio, plan: read.plan))
      guard let ratio, ratio > 1.2 else { continue }
      let text = "reading \(read.name) takes \(Self.rounded(ratio)) times as long as before the migration"
      if ratio > 1.5, read.milliseconds > read.limit {
        rollbackReasons.append("performance: \(text), and more than the \(Int(read.limit)) ms that it may")
      } else {
        warnings.append(text)
      }
    }
    if before == nil { warnings.append("the reads were not measured before the migration: there is no ratio") }
  }

  package static func rounded(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }

  // MARK: Services

  /// Adds what the services answered.
  mutating func note(_ answers: ServiceAnswers) {
    services = answers.answered
    serviceFaults = answers.faults
    rollbackReasons += serviceFaults.map { "critical API endpoint failing: \($0)" }
  }

  // MARK: Results

  package var outcome: MigrationOutcome { rollbackReasons.isEmpty ? .done : .rollbackAdvised }

  /// Whether every table has the rows of then, and their values where these were recorded.
  var rowsAreEqual: Bool { tables.allSatisfy { $0.isEqual == true || $0.before == $0.now } }

  /// The times of the reads that were measured before, too, for people; nil where none was.
  var comparedTimes: String? {
    let compared = reads.filter { $0.ratio != nil }
    return compared.isEmpty ? nil : compared.map { "\($0.name) \(Self.rounded($0.after)) ms" }.joined(separator: ", ")
  }
}
