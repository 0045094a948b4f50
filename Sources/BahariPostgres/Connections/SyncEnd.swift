/// The state of a connection's transaction after a Sync.
enum SyncEnd {
  /// The transaction was committed, or was rolled back because a statement failed.
  case idle
  /// PostgreSQL refused the commit itself, for example because of a deferred constraint.
  case refused(PostgresError)
  /// A transaction is still open, because a BEGIN was sent.
  case open
  /// The connection was lost before the server answered the Sync.
  case lost
}
