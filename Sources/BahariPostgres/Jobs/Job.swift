/// Statements that run under one Sync, so that all of them are applied or none, and the callers that wait for the rows.
package final class Job {
  package typealias Answer = Result<[Rows], PostgresFailure>

  /// With which other jobs a job may share a Sync.
  enum Sharing {
    case reads, creates, nobody
  }

  /// A job's life.
  private enum Stage {
    /// PostgreSQL has not seen it, or has undone it. Next: `sent`, or `finished` when it is refused or abandoned.
    case waiting
    /// PostgreSQL may have run it. Next: `waiting` when it is sent again or moves to another connection, `finished`.
    case sent
    /// The reply was called. The last stage.
    case finished(wasSent: Bool)
  }

  let statements: [Bound]
  /// Reads may be sent again after a lost connection, writes may not.
  let isRead: Bool
  private(set) var sharing: Sharing
  /// Its share of a group: 1, or the number of keys of a statement for many keys.
  let weight: Int
  /// Callers that wait for the rows.
  private var callers: Int
  private var stage = Stage.waiting
  /// Attempts that have ended.
  private(set) var attempts = 0
  /// Called when the last caller gives up, where the job can then be dropped or stopped at once.
  var whenAbandoned: (() -> Void)?
  /// Records how long the statement takes, for statements whose route depends on it.
  var pace: Pace?
  /// When it was last sent, and when it was answered after that; monotonic nanoseconds.
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

  func shares(with other: Job) -> Bool { sharing == other.sharing && sharing != .nobody }

  // MARK: Callers

  /// Nobody waits any more: a job that has not been sent is dropped, and the answer of one that was is ignored.
  var isAbandoned: Bool { callers <= 0 }

  /// One caller gives up.
  package func abandon() {
    callers -= 1
    guard isAbandoned else { return }
    let notify = whenAbandoned
    whenAbandoned = nil
    notify?()
  }

  // MARK: Life

  /// Whether PostgreSQL may have run it and has not undone it.
  package var isSent: Bool {
    switch stage {
    case .waiting: false
    case .sent: true
    case .finished(let wasSent): wasSent
    }
  }

  func noteSent(at now: UInt64) {
    stage = .sent
    sentAt = now
  }

  /// Ends an attempt and returns the next step, which the caller carries out: it finishes the job or sends it again.
  func attemptEnded(_ end: JobEnd, mayMove: Bool) -> NextStep {
    let step = NextStep.after(end, isRead: isRead, attempts: attempts + 1, mayMove: mayMove && !isAbandoned)
    // The move is part of the attempt: the pool goes on with it.
    if step != .move { attempts += 1 }
    if step != .finish { stage = .waiting }
    if step == .retryAlone { sharing = .nobody }
    return step
  }

  /// Calls the reply, the first time; later calls do nothing.
  func finish(_ answer: Answer, at now: UInt64) {
    whenAbandoned = nil
    if sentAt != nil { answeredAt = now }
    stage = .finished(wasSent: isSent)
    let reply = reply
    self.reply = nil
    reply?(answer)
  }
}
