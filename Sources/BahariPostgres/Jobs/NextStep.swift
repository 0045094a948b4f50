/// What happens to a job after an attempt.
enum NextStep: Equatable {
  /// The job ends with the outcome of this attempt.
  case finish
  /// It is sent again.
  case retry
  /// It is sent again, under a Sync of its own.
  case retryAlone
  /// It is sent again on an exclusive connection, where nothing waits behind it.
  case move

  /// Attempts before a job fails with what it met.
  static let attempts = 3
  /// The same for a job that another job's failure undid. One more: the first such attempt shared its Sync.
  static let attemptsUndone = 4

  /// The only place that decides who is sent again, for lanes and pools. `attempts` includes the one that `end`
  /// ends; `mayMove` is true on a lane that has a pool to move to, while somebody waits for the job. The first row
  /// that applies decides:
  ///
  /// | end of the attempt                                       | job       | attempts | next step          |
  /// |----------------------------------------------------------|-----------|----------|--------------------|
  /// | rows                                                     | any       | any      | finish             |
  /// | aborted: another job of the group failed and undid it    | any       | < 4      | retryAlone         |
  /// | refused: waited for a lock or took too long              | may move  | any      | move               |
  /// | refused: the prepared statement is gone or its plan stale| any       | < 3      | retry              |
  /// | refused: serialization failure or deadlock               | any       | < 3      | retry              |
  /// | refused: PostgreSQL ended the connection                 | read      | < 3      | retry              |
  /// | lost: the connection went away without an answer         | read      | < 3      | retry              |
  /// | any other                                                | any       | any      | finish (a failure) |
  ///
  /// A write is only sent again when PostgreSQL has certainly undone it. One that was lost may have been committed.
  static func after(_ end: JobEnd, isRead: Bool, attempts: Int, mayMove: Bool) -> NextStep {
    switch end {
    case .rows: return .finish
    case .aborted: return attempts < attemptsUndone ? .retryAlone : .finish
    case .lost: return isRead && attempts < NextStep.attempts ? .retry : .finish
    case .refused(let error):
      let state = error.sqlState
      if mayMove, state.holdsUpOthers { return .move }
      let mayHelp = state.asksForNewPlan || state.lostAgainstAnother || (state.endsConnection && isRead)
      return mayHelp && attempts < NextStep.attempts ? .retry : .finish
    }
  }
}
