import BahariPostgres

/// The comparison of a migrated database with the record of its migration.
package struct Verification: Codable, Sendable {
  package struct Table: Codable, Sendable {
    package let name: String
    package let legacyName: String
    /// The number of rows when the migration was committed; nil if it was not recorded.
    package let before: Int64?
    package let now: Int64
    /// The number of rows that transactions after the migration have written.
    package let writtenSince: Int64
    /// The number of rows that were deleted after the migration, by PostgreSQL's statistics.
    package let deletedSince: Int64
    /// Whether the old columns have the values that they had when the migration was committed; nil if these were not
    /// recorded.
    package let isEqual: Bool?
  }

  package struct Read: Codable, Sendable {
    package let name: String
    /// Milliseconds before the migration; nil if they were not measured.
    package let before: Double?
    package let after: Double
    package let ratio: Double?
    /// The output of EXPLAIN ANALYZE after the migration.
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
  /// The reasons for a rollback that were found, such as those of the design's section 9.6.
  package private(set) var rollbackReasons: [String] = []
  package private(set) var warnings: [String] = []

  package var rows: Int64 { tables.reduce(0) { $0 + $1.now } }

  /// Compares the database with the record of its migration; `note` adds the answers of the services. `checking` is
  /// called with the name of each part before it begins.
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
    // Updates and deletes after the migration are normal use. If more rows are missing than these explain, rows are
    // lost.
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

  /// Compares the reads' times with those before the migration. A time below the design's limit is never a reason for a
  /// rollback: the ratio of two very short times has no meaning.
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

  /// Adds the results of calling the services.
  mutating func note(_ answers: ServiceAnswers) {
    services = answers.answered
    serviceFaults = answers.faults
    rollbackReasons += serviceFaults.map { "critical API endpoint failing: \($0)" }
  }

  // MARK: Results

  package var outcome: MigrationOutcome { rollbackReasons.isEmpty ? .done : .rollbackAdvised }

  /// Whether every table has as many rows as when the migration was committed.
  var rowsAreEqual: Bool { tables.allSatisfy { $0.isEqual == true || $0.before == $0.now } }

  /// The present times of those reads that were also measured before the migration, as text; nil if there are none.
  var comparedTimes: String? {
    let compared = reads.filter { $0.ratio != nil }
    return compared.isEmpty ? nil : compared.map { "\($0.name) \(Self.rounded($0.after)) ms" }.joined(separator: ", ")
  }
}
