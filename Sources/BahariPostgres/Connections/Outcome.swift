/// How one statement of a pipeline ended.
enum Outcome {
  case rows(Rows)
  case refused(PostgresError)
  /// A statement before it, under the same Sync, failed.
  case aborted
  /// The connection went away first; the server may or may not have run it.
  case lost
}
