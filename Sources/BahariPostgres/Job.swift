import BahariShard

/// Statements that run under one Sync, so all of them or none, and who waits for their rows.
package final class Job {
  package typealias Answer = Result<[Rows], PostgresFailure>

  let statements: [Bound]
  /// Reads may share a Sync with others and are sent again when a connection is lost; writes never.
  let isRead: Bool
  /// Nobody waits any more: a job that has not been sent is dropped, and an answer is discarded.
  package var isAbandoned = false
  /// A neighbour's failure took this one along; it is sent again under a Sync of its own.
  var runsAlone = false
  /// PostgreSQL may have seen it.
  package internal(set) var isSent = false
  var attempts = 0
  private var reply: ((Answer) -> Void)?

  package init(read statements: [Bound], _ reply: @escaping (Answer) -> Void) {
    self.statements = statements
    isRead = true
    self.reply = reply
  }

  package init(write statements: [Bound], _ reply: @escaping (Answer) -> Void) {
    self.statements = statements
    isRead = false
    self.reply = reply
  }

  func finish(_ answer: Answer) {
    let tell = reply
    reply = nil
    tell?(answer)
  }

  /// What the connection made of it, and whether it is to be sent again.
  enum Verdict {
    case finished
    case again
  }

  /// Tells the caller, unless the job deserves another attempt.
  func settle(_ end: JobEnd) -> Verdict {
    attempts += 1
    switch end {
    case .rows(let rows): finish(.success(rows))
    case .aborted where attempts < 4:
      runsAlone = true
      return .again
    case .refused(let error) where error.sqlState.asksForNewPlan && attempts < 3: return .again
    // Undone by the server in favour of another, so writes may be made again too.
    case .refused(let error) where error.sqlState.lostAgainstAnother && attempts < 3: return .again
    case .refused(let error) where error.sqlState.endsConnection && isRead && attempts < 3: return .again
    case .lost where isRead && attempts < 3: return .again
    case .refused(let error): finish(.failure(.refused(error)))
    case .aborted, .lost: finish(.failure(.lost))
    }
    return .finished
  }
}

/// How a job's statements ended, before anything is decided about it.
enum JobEnd {
  case rows([Rows])
  case refused(PostgresError)
  case aborted
  case lost
}

extension Connection {
  /// Sends the statements of `job` without a Sync. `ended` is told once, after the last of them.
  func send(_ job: Job, on shard: isolated Shard, ended: @escaping (JobEnd) -> Void) {
    let total = job.statements.count
    var rows: [Rows] = []
    var failure: JobEnd?
    var answered = 0
    rows.reserveCapacity(total)
    job.isSent = true
    for bound in job.statements {
      send(bound, on: shard) { outcome in
        answered += 1
        switch outcome {
        case .rows(let result): rows.append(result)
        case .refused(let error): failure = failure ?? .refused(error)
        case .aborted: failure = failure ?? .aborted
        case .lost: failure = .lost
        }
        if answered == total { ended(failure ?? .rows(rows)) }
      }
    }
  }

  /// Sends `job` and a Sync. `ended` is told after the Sync, when what it wrote is committed.
  func sendCommitted(_ job: Job, on shard: isolated Shard, ended: @escaping (JobEnd) -> Void) {
    var end = JobEnd.lost
    send(job, on: shard) { end = $0 }
    sync(on: shard) { sync in
      switch (sync, end) {
      case (.idle, _): ended(end)
      case (.refused(let error), .rows): ended(.refused(error))
      // Refused stays refused; rows without a commit are nothing anyone may rely on.
      case (_, .refused), (_, .aborted): ended(end)
      case (.open, _), (.lost, _), (.refused, .lost): ended(.lost)
      }
    }
  }
}
