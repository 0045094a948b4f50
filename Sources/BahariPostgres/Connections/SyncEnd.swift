/// How the transaction ended that a Sync ends.
enum SyncEnd {
  /// Committed, or rolled back if a statement failed; the session is idle.
  case idle
  /// PostgreSQL refused the commit itself, because of a deferred constraint for example.
  case refused(PostgresError)
  /// A transaction is still open: a BEGIN was sent.
  case open
  /// The connection went away before the server answered.
  case lost
}
