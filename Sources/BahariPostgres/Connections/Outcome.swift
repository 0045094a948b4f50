/// How one statement of a pipeline ended.
enum Outcome {
  case rows(Rows)
  case refused(PostgresError)
  /// The statement was not run, because an earlier statement under the same Sync failed.
  case aborted
  /// The connection was lost before the result arrived; the server may or may not have run the statement.
  case lost
}
