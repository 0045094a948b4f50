/// How a run, an undo or a verification ended. The raw value is the exit code of `baharid migrate`.
package enum MigrationOutcome: Int32, CaseIterable, Sendable {
  case done = 0
  case failed = 1
  case refused = 3
  case rolledBack = 4
  case stoppedBetweenPhases = 5
  case locked = 6
  case noBackup = 7
  case rollbackAdvised = 8

  package var meaning: String {
    switch self {
    case .done: "done, or nothing to do"
    case .failed: "failed before anything was changed: the message has the reason"
    case .refused: "refused for the reasons that `plan` lists; nothing was changed"
    case .rolledBack: "failed and rolled back: the database is as it was before"
    case .stoppedBetweenPhases: "failed after some phases were committed: `status` lists them, `run` continues"
    case .locked: "the tables could not be locked: the message lists who holds them; nothing was changed"
    case .noBackup: "the backup, its proof or the rehearsal failed; nothing was changed"
    case .rollbackAdvised: "verification found one of the design's reasons for a rollback: run `undo`"
    }
  }

  /// The outcome of a migration or an undo that threw this error. If the connection broke, only the database shows the
  /// outcome: see `Aftermath`.
  init(_ error: any Error) {
    switch error {
    case let refusal as MigrationRefusal:
      self = refusal.refusals.contains { $0.reason == .locked } ? .locked : .refused
    case is MigrationFailure: self = .rolledBack
    default: self = .failed
    }
  }
}
