/// Receives what a run, an undo or a verification reports while it works. This library prints nothing itself.
package protocol MigrationObserver: Sendable {
  /// Called for every event, in order, by the thread that works: the work continues when this returns.
  func report(_ event: RunEvent)

  /// Called when something failed that an administrator should learn at once.
  func alert(_ alert: MigrationAlert) async
}

/// A failure, with the statement that failed where there is one.
package struct MigrationAlert: Sendable {
  package let message: String
  package var phase: Int?
  package var statement: String?

  init(_ message: String) { self.message = message }

  init(_ error: any Error) {
    message = "\(error)"
    guard let failure = error as? MigrationFailure else { return }
    phase = failure.phase
    if case .statement(let sql, _) = failure.cause { statement = sql }
  }
}
