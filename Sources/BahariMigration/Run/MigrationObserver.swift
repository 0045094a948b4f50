/// Receives the events and alerts of a run, an undo or a verification. This library prints nothing itself.
package protocol MigrationObserver: Sendable {
  /// Called for every event, in order, on the thread that does the work, which continues when this returns.
  func report(_ event: RunEvent)

  /// Called after a failure of which an administrator should know at once.
  func alert(_ alert: MigrationAlert) async
}

/// A failure to report to an administrator, with the phase and the statement that failed, if there are any.
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
