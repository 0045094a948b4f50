import BahariPostgres

/// Runs the whole migration and its undo on a copy of the database that nobody else uses.
package enum Rehearsal {
  package struct Failure: Error, CustomStringConvertible {
    let differences: [String]

    package var description: String {
      "after the migration and its undo the copy differs from what it was before:\n  "
        + differences.joined(separator: "\n  ")
    }
  }

  /// Returns a sentence with the times of the migration and of the undo. Throws their errors, or a `Failure` if the
  /// copy differs afterwards.
  package static func run(_ conninfo: String, _ options: Migrator.Options) throws -> String {
    let session = try Session(ConnectionOptions(conninfo: conninfo))
    let before = try Snapshot.take(session)
    let begin = ContinuousClock.now
    let result = try Migrator(session: session, options: options).run()
    let between = ContinuousClock.now
    let undone = try Undo(session: session, options: options).run()
    let end = ContinuousClock.now
    let after = try Snapshot.take(session)
    let differences =
      Snapshot.lostValues(before: before, after: after)
      + CanonicalCatalog.differences(expected: before.catalog, found: after.catalog)
    guard differences.isEmpty else { throw Failure(differences: differences) }
    return "\(result.phases.count) phases in \(Seconds(between - begin)), undone in \(Seconds(end - between)): "
      + "\(undone.fingerprints.count) tables and the catalog as before"
  }
}
