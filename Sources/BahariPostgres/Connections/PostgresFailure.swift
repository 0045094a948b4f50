/// Why there is no result.
package enum PostgresFailure: Error, Sendable {
  /// PostgreSQL refused a statement; nothing of its transaction was applied.
  case refused(PostgresError)
  /// There is no connection, or it went away before anything was sent: not applied.
  case unavailable
  /// The connection went away after the statements were sent and before their result: they may be applied.
  case lost
  /// The queue is full: not sent.
  case overloaded
  /// The deadline passed, or the caller went away, before anything was sent.
  case abandoned
}
