/// Why a lane or a pool refuses work; nothing of that work was sent to PostgreSQL.
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
