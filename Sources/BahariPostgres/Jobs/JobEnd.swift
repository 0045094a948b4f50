/// How an attempt at a job ended. `NextStep` decides what happens to the job then.
enum JobEnd {
  case rows([Rows])
  /// PostgreSQL refused a statement, or the commit; nothing of the job is applied.
  case refused(PostgresError)
  /// Another job under the same Sync failed; nothing of this one is applied.
  case aborted
  /// The connection went away first; the job may be applied.
  case lost

  init(_ outcome: Outcome) {
    switch outcome {
    case .rows(let rows): self = .rows([rows])
    case .refused(let error): self = .refused(error)
    case .aborted: self = .aborted
    case .lost: self = .lost
    }
  }

  /// What the job's reply is called with if the job ends here.
  var answer: Job.Answer {
    switch self {
    case .rows(let rows): .success(rows)
    case .refused(let error): .failure(.refused(error))
    case .aborted, .lost: .failure(.lost)
    }
  }

  /// PostgreSQL's code if it made the connection useless, so that it has to be closed.
  var endOfConnection: SQLState? {
    guard case .refused(let error) = self, error.sqlState.endsConnection else { return nil }
    return error.sqlState
  }

  /// This end of a job's statements, together with the end of the Sync that commits them. `mayStayOpen` is true for
  /// statements inside a transaction, which a later statement commits.
  func committed(by sync: SyncEnd, mayStayOpen: Bool = false) -> JobEnd {
    // A refusal stays one, whatever happened to the connection afterwards.
    guard case .rows = self else { return self }
    switch sync {
    case .idle: return self
    case .open: return mayStayOpen ? self : .lost
    case .refused(let error): return .refused(error)
    case .lost: return .lost
    }
  }

  /// How writes ended that shared a Sync: rows if all are committed; refused or aborted if none is applied.
  static func ofGroup(_ ends: [JobEnd], _ sync: SyncEnd) -> JobEnd {
    // One refusal undoes all, whatever happened to the connection afterwards.
    for case .refused(let error) in ends { return .refused(error) }
    for case .aborted in ends { return .aborted }
    for case .lost in ends { return .lost }
    return JobEnd.rows([]).committed(by: sync)
  }

  /// How a job of the group ended whose whole ended like this, given the `end` of its own statements.
  func inGroup(_ end: JobEnd) -> JobEnd {
    switch self {
    case .rows: end
    // Nothing is applied. Which job is at fault shows when each is sent by itself.
    case .refused, .aborted: .aborted
    case .lost: .lost
    }
  }
}
