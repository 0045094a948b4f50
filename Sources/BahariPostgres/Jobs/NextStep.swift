/// The next step for a job after an attempt to run it.
enum NextStep: Equatable {
  /// The job ends with the outcome of this attempt.
  case finish
  /// The job is sent again.
  case retry
  /// The job is sent again, under a Sync of its own.
  case retryAlone
  /// The job is sent again on a pool's exclusive connection, where no other job waits behind it.
  case move

  /// How many attempts a job gets before it fails with the error of the last one.
  static let attempts = 3
  /// How many attempts a job gets if PostgreSQL rolled it back because of another job or transaction: more than its
  /// deadline usually leaves time for, and few enough to end if a trigger reports such an error at every attempt.
  static let attemptsRolledBack = 20

  /// Decides, for lanes and pools, whether a job is sent again; no other code decides this. `attempts` includes the
  /// attempt that ended with `end`; `mayMove` is true on a lane that has a pool, while a caller waits for the job;
  /// `move` runs the job on a connection of that pool. The first row that applies decides:
  ///
  /// | end of the attempt                                        | job      | attempts | next step          |
  /// |-----------------------------------------------------------|----------|----------|--------------------|
  /// | rows                                                      | any      | any      | finish             |
  /// | aborted: another job of the group failed                  | any      | < 20     | retryAlone         |
  /// | refused: waited for a lock or took too long               | may move | any      | move               |
  /// | refused: the prepared statement is gone or its plan stale | any      | < 3      | retry              |
  /// | refused: serialization failure or deadlock                | any      | < 20     | retry              |
  /// | refused: PostgreSQL ended the connection                  | read     | < 3      | retry              |
  /// | lost: the connection went away without an answer          | read     | < 3      | retry              |
  /// | any other                                                 | any      | any      | finish (a failure) |
  ///
  /// A write is sent again only if PostgreSQL has certainly rolled it back. A write that was lost may have been
  /// committed.
  static func after(_ end: JobEnd, isRead: Bool, attempts: Int, mayMove: Bool) -> NextStep {
    switch end {
    case .rows: return .finish
    case .aborted: return attempts < attemptsRolledBack ? .retryAlone : .finish
    case .lost: return isRead && attempts < NextStep.attempts ? .retry : .finish
    case .refused(let error):
      let state = error.sqlState
      if mayMove, state.holdsUpOthers { return .move }
      if state.lostAgainstAnother { return attempts < attemptsRolledBack ? .retry : .finish }
      let mayHelp = state.asksForNewPlan || (state.endsConnection && isRead)
      return mayHelp && attempts < NextStep.attempts ? .retry : .finish
    }
  }
}
