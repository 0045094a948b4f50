import BahariPostgres

/// Undoes the applied phases in one transaction: tables get their legacy names again, keys and indexes that the
/// migration created are dropped, new tables and the values of new columns are kept in the schema `bahari_undone`. Rows
/// that were written since the migration stay.
package struct Undo {
  package struct Result: Codable, Sendable {
    /// The undone phases, the highest number first.
    package let phases: [Int]
    /// The number of rows of each table in `bahari_undone`: new tables by their names, values of new columns by the
    /// names of their tables.
    package let kept: [String: Int64]
    /// Fingerprints of the tables' old columns, by legacy names; equal before and after the undo.
    package let fingerprints: [String: Fingerprint]
    /// Differences between the catalog after the undo and the one before the migration, one line each; nil if the
    /// latter was not recorded.
    package let catalogDifferences: [String]?
    /// Descriptions of the migration's objects that remain in the database.
    package let left: [String]
  }

  let session: Session
  let options: Migrator.Options
  let observe: @Sendable (MigrationEvent) -> Void

  package init(
    session: Session, options: Migrator.Options = Migrator.Options(),
    observer: @escaping @Sendable (MigrationEvent) -> Void = { _ in }
  ) {
    (self.session, self.options, observe) = (session, options, observer)
  }

  package func run() throws -> Result {
    let locks = locks
    try locks.keepOthersAway()
    defer { locks.release() }
    return try runLocked()
  }

  private var locks: Locks {
    Locks(session: session, attempts: options.lockAttempts, timeout: options.lockTimeout, observe: observe)
  }

  /// Undoes the applied phases, for a caller that already has the migration's advisory lock.
  func runLocked() throws -> Result {
    let phases = try refuse()
    observe(.undoing(phases: phases))
    let start = ContinuousClock.now
    try locks.begin { try LegacyColumns.read(session).map(\.name) + newTables() }
    var sql = ""
    do {
      try AdvisoryLock.schema.holdInTransaction(session)
      let before = try Snapshot.take(session)
      let legacy = try MigrationRecord.current(session)?.legacyCatalog
      for statement in try statements(phases) {
        sql = statement
        observe(.statement(phase: 0, sql: sql))
        let begun = ContinuousClock.now
        try session.execute(sql)
        observe(.statementEnded(phase: 0, sql: sql, seconds: begun.seconds))
      }
      sql = "a check"
      try Ledger(session: session).markUndone()
      let after = try Snapshot.take(session)
      try compare(before, after)
      let result = Result(
        phases: phases, kept: try kept(), fingerprints: after.fingerprints,
        catalogDifferences: legacy.map { CanonicalCatalog.differences(expected: $0, found: after.catalog) },
        left: try left())
      try locks.commit()
      observe(.committed(phases: phases, seconds: start.seconds))
      return result
    } catch {
      try? session.execute("ROLLBACK")
      guard let error = error as? PostgresError else { throw error }
      throw MigrationFailure(phase: nil, cause: .statement(sql, error))
    }
  }

  /// Returns the phases to undo, the highest number first. Throws a refusal if there are none, or if the ledger was
  /// edited.
  private func refuse() throws -> [Int] {
    let applied = try Ledger.applied(session).map(\.phase)
    guard !applied.isEmpty else {
      throw MigrationRefusal([Refusal(.state, "no migration is recorded in this database: there is nothing to undo")])
    }
    let edited = try Ledger(session: session).edited(program: false)
    guard edited.isEmpty else {
      throw MigrationRefusal(
        edited.map {
          Refusal(
            .editedPhase,
            "the row of phase \($0) in bahari.migration_ledger was edited: its undo statements are not run")
        })
    }
    return applied.reversed()
  }

  private func newTables() throws -> [String] {
    try session.column(
      """
      SELECT relname::text FROM pg_catalog.pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname = ANY (string_to_array($1, ','))
      """, [PhaseStatements.allNewTables.joined(separator: ",")])
  }

  private func statements(_ phases: [Int]) throws -> [String] {
    let ledger = Ledger(session: session)
    let keys = try session.texts(
      """
      SELECT c.relname::text, o.conname::text FROM pg_catalog.pg_constraint o
      JOIN pg_catalog.pg_class c ON c.oid = o.conrelid
      WHERE o.contype = 'f' AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY (string_to_array($1, ','))
      ORDER BY 1, 2
      """, [PhaseStatements.allNewTables.joined(separator: ",")])
    // The foreign keys of kept tables are dropped: they would prevent deletes in the legacy tables.
    let dropKeys = keys.map {
      "ALTER TABLE \(Identifier.qualified($0[0])) DROP CONSTRAINT \(Identifier.quoted($0[1]))"
    }
    return ["CREATE SCHEMA IF NOT EXISTS \(Kept.schema)"] + dropKeys + (try phases.flatMap(ledger.undo(of:)))
  }

  private func compare(_ before: Snapshot, _ after: Snapshot) throws {
    let lost = Snapshot.lostValues(before: before, after: after)
    let renamed = try LegacyColumns.read(session).filter(\.isRenamed).map { "\($0.name) still has its new name" }
    guard lost.isEmpty && renamed.isEmpty else {
      throw MigrationFailure(phase: nil, cause: .check("after the undo", differences: lost + renamed))
    }
  }

  private func kept() throws -> [String: Int64] {
    var kept: [String: Int64] = [:]
    for table in try Kept.read(session).keys {
      kept[table] = try session.query("SELECT count(*) FROM \(Kept.qualified(table))").int64(0, 0)
    }
    return kept
  }

  private func left() throws -> [String] {
    let trigrams = try session.query("SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'pg_trgm'")
    return ["the schema bahari with the ledger of applied and undone phases"]
      + (trigrams.count > 0 ? ["the extension pg_trgm"] : [])
  }
}
