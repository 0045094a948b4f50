/// Why a lane or a pool does not accept work. Nothing of it was sent to PostgreSQL.
package enum QueueRefusal: Equatable, Sendable {
  /// There is no connection and the last attempt to make one failed, or the lane or pool is closed.
  case unavailable
  /// The queue is full.
  case overloaded

  package var failure: PostgresFailure {
    switch self {
    case .unavailable: .unavailable
    case .overloaded: .overloaded
    }
  }
}
