/// Why statements returned no result.
package enum PostgresFailure: Error, Sendable {
  /// PostgreSQL refused a statement; nothing of its transaction was applied.
  case refused(PostgresError)
  /// There is no connection, or it was lost before the statements were sent; nothing was applied.
  case unavailable
  /// The connection was lost after the statements were sent and before their result arrived; they may be applied.
  case lost
  /// The queue is full; nothing was sent.
  case overloaded
  /// The deadline passed, or the caller gave up; nothing was applied.
  case abandoned
}
