/// Statements that run under one Sync, so that all of them are applied or none, and the callers that wait for the rows.
package final class Job {
  package typealias Answer = Result<[Rows], PostgresFailure>

  /// Which other jobs may share a Sync with a job.
  enum Sharing {
    case reads, creates, nobody
  }

  /// The stages of a job's life.
  private enum Stage {
    /// PostgreSQL has not run the job, or has rolled it back. Next: `sent`, or `finished` when the job is refused or
    /// abandoned.
    case waiting
    /// PostgreSQL may have run the job. Next: `finished`, or `waiting` when the job is sent again or moves to another
    /// connection.
    case sent
    /// The job's reply was called. The last stage.
    case finished
  }

  let statements: [Bound]
  /// Whether the job only reads: a read may be sent again after a lost connection, a write may not.
  package let isRead: Bool
  private(set) var sharing: Sharing
  /// How much of a group the job fills: 1, or the number of keys of a statement for many keys.
  let weight: Int
  /// How many callers still wait for the rows.
  private var callers: Int
  private var stage = Stage.waiting
  /// How many attempts at the job have ended. An attempt that moves from a lane to a pool continues in the pool.
  private(set) var attempts = 0
  /// Called when the last caller gives up; a pool sets it to drop the job while it waits, or to stop it while it runs.
  var whenAbandoned: (() -> Void)?
  /// Records how long the job takes; set for statements whose route depends on that.
  var pace: Pace?
  /// When the job was last sent, and when it was answered after that, in monotonic nanoseconds.
  package private(set) var sentAt: UInt64?
  package private(set) var answeredAt: UInt64?
  private var reply: ((Answer) -> Void)?

  /// Makes a read; reads may share a Sync with each other. `callers` tells how many callers share the rows; each of
  /// them may give up once.
  package init(
    read statements: [Bound], weight: Int = 1, callers: Int = 1, _ reply: @escaping (Answer) -> Void
  ) {
    self.statements = statements
    self.weight = weight
    self.callers = callers
    self.reply = reply
    (isRead, sharing) = (true, .reads)
  }

  /// Makes a write of one row that no other row depends on; such writes may share a commit with each other.
  package init(create statements: [Bound], _ reply: @escaping (Answer) -> Void) {
    self.statements = statements
    (weight, callers) = (1, 1)
    self.reply = reply
    (isRead, sharing) = (false, .creates)
  }

  /// Makes a write that is committed by itself, apart from all other jobs.
  package init(write statements: [Bound], _ reply: @escaping (Answer) -> Void) {
    self.statements = statements
    (weight, callers) = (1, 1)
    self.reply = reply
    (isRead, sharing) = (false, .nobody)
  }

  func shares(with other: Job) -> Bool { sharing == other.sharing && sharing != .nobody }

  // MARK: Callers

  /// Whether all callers have given up. A job that was not sent is dropped then, and the answer to one that was sent is
  /// ignored.
  var isAbandoned: Bool { callers <= 0 }

  /// Records that one caller has given up.
  package func abandon() {
    callers -= 1
    guard isAbandoned else { return }
    let notify = whenAbandoned
    whenAbandoned = nil
    notify?()
  }

  // MARK: Life

  /// Whether PostgreSQL may be running the job, or has run it without having answered yet.
  package var isInFlight: Bool { if case .sent = stage { true } else { false } }

  func noteSent(at now: UInt64) {
    stage = .sent
    sentAt = now
  }

  /// Records the end of an attempt and returns the next step, which the caller of this function carries out: it
  /// finishes the job or sends it again.
  func attemptEnded(_ end: JobEnd, mayMove: Bool) -> NextStep {
    let step = NextStep.after(end, isRead: isRead, attempts: attempts + 1, mayMove: mayMove && !isAbandoned)
    // A move does not end the attempt, which continues in the pool.
    if step != .move { attempts += 1 }
    if step != .finish { stage = .waiting }
    if step == .retryAlone { sharing = .nobody }
    return step
  }

  /// Finishes the job and calls its reply; a second call does not call the reply again.
  func finish(_ answer: Answer, at now: UInt64) {
    whenAbandoned = nil
    if sentAt != nil { answeredAt = now }
    stage = .finished
    let reply = reply
    self.reply = nil
    reply?(answer)
  }
}
