/// How an attempt at a job ended. `NextStep` decides what is then done with the job.
enum JobEnd {
  case rows([Rows])
  /// PostgreSQL refused a statement, or the commit; nothing of the job is applied.
  case refused(PostgresError)
  /// Another job under the same Sync failed; nothing of this one is applied.
  case aborted
  /// The connection was lost before the result arrived; the job may be applied.
  case lost

  init(_ outcome: Outcome) {
    switch outcome {
    case .rows(let rows): self = .rows([rows])
    case .refused(let error): self = .refused(error)
    case .aborted: self = .aborted
    case .lost: self = .lost
    }
  }

  /// The answer to the job's callers if the job is not sent again.
  var answer: Job.Answer {
    switch self {
    case .rows(let rows): .success(rows)
    case .refused(let error): .failure(.refused(error))
    case .aborted: .failure(.refused(PostgresError(SQLState("40000"), "another job's failure rolled this one back")))
    case .lost: .failure(.lost)
    }
  }

  /// PostgreSQL's error code if it makes the connection useless, so that the connection has to be closed; else nil.
  var endOfConnection: SQLState? {
    guard case .refused(let error) = self, error.sqlState.endsConnection else { return nil }
    return error.sqlState
  }

  /// Combines this end of a job's statements with the end of the Sync that commits them. `mayStayOpen` is true for
  /// statements inside a transaction, which a later statement commits.
  func committed(by sync: SyncEnd, mayStayOpen: Bool = false) -> JobEnd {
    // If the statements failed, the job has failed, whatever happened to the connection afterwards.
    guard case .rows = self else { return self }
    switch sync {
    case .idle: return self
    case .open: return mayStayOpen ? self : .lost
    case .refused(let error): return .refused(error)
    case .lost: return .lost
    }
  }

  /// The end of a group of writes that shared a Sync: rows if all are committed, refused or aborted if none is applied,
  /// lost if that is not known.
  static func ofGroup(_ ends: [JobEnd], _ sync: SyncEnd) -> JobEnd {
    // One refused write rolls back the whole group, whatever happened to the connection afterwards.
    for case .refused(let error) in ends { return .refused(error) }
    for case .aborted in ends { return .aborted }
    for case .lost in ends { return .lost }
    return JobEnd.rows([]).committed(by: sync)
  }

  /// Called on the end of a whole group: returns how one of its jobs ended, given the `end` of that job's statements.
  func inGroup(_ end: JobEnd) -> JobEnd {
    switch self {
    case .rows: end
    // Nothing of the group is applied. Its jobs are then sent one by one, which shows the one at fault.
    case .refused, .aborted: .aborted
    case .lost: .lost
    }
  }
}
