/// Progress of a run, an undo or a verification. `MigrationEvent` has the events inside a transaction.
package enum RunEvent: Sendable {
  /// The plan was made. If it has refusals, the run ends.
  case planned(Plan)
  /// The database is empty or already has the current schema, so the run ends.
  case nothingToDo(Inspection.State)
  case backupSkipped
  case backup(BackupProgress)
  case backedUp(BackupReport)
  /// The times of the design's three reads before the migration are being measured.
  case measuring
  case migration(MigrationEvent)
  /// The transaction failed because of other sessions' locks, and is repeated.
  case repeating(attempt: Int, of: Int, MigrationFailure)
  /// All requested phases are committed. `restored` names the tables with rows or values that an earlier undo kept.
  case migrated(MigrationSummary, restored: [String])
  /// All phases up to this one are committed; later ones were not requested.
  case stopped(afterPhase: Int)
  case undone(UndoReport)
  /// A part of the verification begins; the text names it.
  case verifying(String)
  case verified(Verification)
  case failed(any Error)
  /// After a failure, PostgreSQL does not accept connections yet.
  case waitingForServer(attempt: Int, of: Int)
  case aftermath(Aftermath.State)
}
