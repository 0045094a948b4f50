import BahariShard

/// Statements that run under one Sync, so all of them or none, and who waits for their rows.
package final class Job {
  package typealias Answer = Result<[Rows], PostgresFailure>

  /// With whom a job may share a Sync.
  private enum Sharing {
    case reads, creates, nobody
  }

  let statements: [Bound]
  /// Reads are sent again when a connection is lost; writes never.
  let isRead: Bool
  private let sharing: Sharing
  /// How much of a group it fills: 1, or the keys of a statement for many.
  let weight: Int
  /// Who waits for the rows.
  private var callers: Int
  /// Nobody waits any more: a job that has not been sent is dropped, and an answer is discarded.
  private(set) var isAbandoned = false
  /// Where an abandoned job can be dropped or stopped at once, this does it.
  var whenAbandoned: (() -> Void)?
  /// A neighbour's failure took this one along; it is sent again under a Sync of its own.
  private(set) var runsAlone = false
  /// PostgreSQL may have seen it, and not undone it.
  package internal(set) var isSent = false
  private(set) var attempts = 0
  /// Learns how long the statement takes, where somebody wants to know.
  var pace: Pace?
  /// When it was sent, for the last time, and answered; monotonic nanoseconds.
  package private(set) var sentAt: UInt64?
  package private(set) var answeredAt: UInt64?
  private var reply: ((Answer) -> Void)?

  /// Reads share Syncs with each other. `callers` share the rows, and each may abandon them once.
  package init(
    read statements: [Bound], weight: Int = 1, callers: Int = 1, _ reply: @escaping (Answer) -> Void
  ) {
    self.statements = statements
    self.weight = weight
    self.callers = callers
    self.reply = reply
    (isRead, sharing) = (true, .reads)
  }

  /// One row that no other row depends on; creates share commits with each other.
  package init(create statements: [Bound], _ reply: @escaping (Answer) -> Void) {
    self.statements = statements
    (weight, callers) = (1, 1)
    self.reply = reply
    (isRead, sharing) = (false, .creates)
  }

  /// Has a commit of its own.
  package init(write statements: [Bound], _ reply: @escaping (Answer) -> Void) {
    self.statements = statements
    (weight, callers) = (1, 1)
    self.reply = reply
    (isRead, sharing) = (false, .nobody)
  }

  func shares(with other: Job) -> Bool {
    sharing == other.sharing && sharing != .nobody && !runsAlone && !other.runsAlone
  }

  /// A caller waits no more.
  package func abandon() {
    callers -= 1
    guard callers <= 0 else { return }
    isAbandoned = true
    let tell = whenAbandoned
    whenAbandoned = nil
    tell?()
  }

  func noteSent() {
    isSent = true
    sentAt = Shard.now
  }

  func finish(_ answer: Answer) {
    whenAbandoned = nil
    if sentAt != nil { answeredAt = Shard.now }
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
      isSent = false
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

  /// How jobs ended that shared a Sync: rows if all are committed; refused or aborted if none is applied.
  static func ofAll(_ ends: [JobEnd], _ sync: SyncEnd) -> JobEnd {
    // One refusal undoes all, whatever became of the connection afterwards.
    for case .refused(let error) in ends { return .refused(error) }
    for case .aborted in ends { return .aborted }
    for case .lost in ends { return .lost }
    switch sync {
    case .idle: return .rows([])
    case .refused(let error): return .refused(error)
    case .open, .lost: return .lost
    }
  }
}

extension Connection {
  /// Sends the statements of `job` without a Sync. `ended` is told once, after the last of them.
  func send(_ job: Job, on shard: isolated Shard, ended: @escaping (JobEnd) -> Void) {
    job.noteSent()
    if job.statements.count == 1 {
      return send(job.statements[0], on: shard) { ended(JobEnd($0)) }
    }
    let total = job.statements.count
    var rows: [Rows] = []
    var failure: JobEnd?
    var answered = 0
    rows.reserveCapacity(total)
    for bound in job.statements {
      send(bound, on: shard) { outcome in
        answered += 1
        switch outcome {
        case .rows(let result): rows.append(result)
        case .lost: failure = .lost
        case .refused, .aborted: failure = failure ?? JobEnd(outcome)
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

extension JobEnd {
  fileprivate init(_ outcome: Outcome) {
    switch outcome {
    case .rows(let rows): self = .rows([rows])
    case .refused(let error): self = .refused(error)
    case .aborted: self = .aborted
    case .lost: self = .lost
    }
  }
}
