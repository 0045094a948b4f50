/// An event of a run, an undo or a verification. `MigrationEvent` has those inside the migration's transaction.
package enum RunEvent: Sendable {
  /// The database was read. The run ends here when the plan has refusals.
  case planned(Plan)
  /// The database is empty or current.
  case nothingToDo(Inspection.State)
  case backupSkipped
  case backup(BackupProgress)
  case backedUp(BackupReport)
  /// The design's reads are timed, before the migration.
  case measuring
  case migration(MigrationEvent)
  /// The transaction lost against the locks of others and is repeated.
  case repeating(attempt: Int, of: Int, MigrationFailure)
  /// All requested phases are committed. `restored` are the tables that came back from an earlier undo.
  case migrated(MigrationSummary, restored: [String])
  /// Committed up to this phase; later phases were not requested.
  case stopped(afterPhase: Int)
  case undone(UndoReport)
  /// A part of the verification begins.
  case verifying(String)
  case verified(Verification)
  case failed(any Error)
  /// After a failure, PostgreSQL does not accept connections yet.
  case waitingForServer(attempt: Int, of: Int)
  case aftermath(Aftermath.State)
}
