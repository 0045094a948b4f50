import BahariCall
import BahariFrame
import BahariPostgres
import BahariShard

/// One call, from its request to its answer. A call ends exactly once, at the latest when its deadline passes; results
/// that arrive after the end are dropped.
package final class Call: ServedCall {
  private let service: Service
  package let stream: UInt32
  package let peer: Peer
  /// When the call's deadline passes, in nanoseconds of the monotonic clock. Set once the call's method is known.
  private(set) var deadline = UInt64.max
  package private(set) var isEnded = false
  private var sink: (any CallSink)?
  private var timer: Timer?
  /// The call's latest job at PostgreSQL; nil before the first job and after the end of the call.
  private var job: Job?
  /// The pool connection whose running statement is stopped if the call ends early; nil if there is none.
  private var lease: Lease?
  private var meter: MethodMeter?
  private var times = CallTimes()
  private var changesData = false
  /// What is known about the call's write, apart from a write that `job` has in flight. Whoever writes for the call sets
  /// it before anything is sent that may commit, and again when PostgreSQL has answered. It only matters for calls that
  /// change data.
  var written = WriteOutcome.notApplied
  /// Whether nothing that the call sends is ever committed.
  var isDryRun = false

  package init(_ service: Service, stream: UInt32, peer: Peer, sink: any CallSink) {
    self.service = service
    self.stream = stream
    self.peer = peer
    self.sink = sink
  }

  package func start(_ request: RequestEnvelope, on shard: isolated Shard) {
    service.handle(self, request, on: shard)
  }

  /// Sets the call's deadline and starts its timer. A deadline that has already passed ends the call at once.
  func start(
    deadline: UInt64, changesData: Bool, meter: MethodMeter? = nil, now: UInt64 = Shard.now, on shard: isolated Shard
  ) {
    self.deadline = deadline
    self.changesData = changesData
    self.meter = meter
    times.start = now
    meter?.began()
    guard deadline > now else { return expire(on: shard) }
    timer = shard.schedule(at: deadline) { self.expire(on: shard) }
  }

  /// Sets the job that PostgreSQL runs for the call, before it is submitted. The job is abandoned if the call ends first,
  /// and at once if it has ended: a call that has said `not_applied` while it read must not write afterwards.
  func track(_ job: Job) {
    guard !isEnded else { return job.abandon() }
    if self.job != nil { noteJob() }
    self.job = job
  }

  /// Records the time at which statements of the call were sent to PostgreSQL outside of a `Job`.
  func noteSent() { times.noteSent(at: Shard.now) }

  /// Records the time at which PostgreSQL answered statements that were sent outside of a `Job`.
  func noteAnswer() { times.noteAnswer(at: Shard.now) }

  /// Copies the times at which the call's job was sent and answered into the call's times.
  private func noteJob() {
    guard let job, let sent = job.sentAt else { return }
    times.noteSent(at: sent)
    if let answered = job.answeredAt { times.noteAnswer(at: answered) }
  }

  /// Sets the pool connection whose running statement is stopped if the call ends early; nil when it is released.
  func track(_ lease: Lease?) { self.lease = lease }

  /// Called just before COMMIT is sent on the connection that the call has leased. If the call then ends early, the
  /// outcome of its write is unknown.
  func commits() {
    written = .unknown
    // The end of the call must not interrupt the COMMIT; it stops only what runs on `lease`.
    lease = nil
  }

  // MARK: Ends

  func succeed(_ reply: WireWriter, on shard: isolated Shard) {
    guard reply.count <= ServiceLimits.replyBytes else {
      return fail(.replyTooLarge(reply.count), on: shard)
    }
    finish(.ok, on: shard) { sink in sink.reply(reply.bytes, to: self.stream, on: shard) }
  }

  func endStream(on shard: isolated Shard) {
    finish(.ok, on: shard) { sink in sink.end(of: self.stream, on: shard) }
  }

  package func fail(_ status: Status, on shard: isolated Shard) {
    var status = status
    if changesData, status.metadata["outcome"] == nil { status.metadata["outcome"] = written.rawValue }
    finish(status.code, on: shard) { sink in sink.fail(status, self.stream, on: shard) }
  }

  /// Ends the call because its client sent a frame that is not allowed. A write that was already sent to PostgreSQL may
  /// still be applied.
  package func abort(_ refusal: FrameRefusal, on shard: isolated Shard) {
    var status = Status(refusal)
    status.metadata["outcome"] = outcomeInFlight
    fail(status, on: shard)
  }

  /// Ends the call because its caller cancelled it or, if `isGone`, has disconnected. After a disconnect nothing is
  /// sent.
  package func cancel(isGone: Bool, on shard: isolated Shard) {
    let status = Status.cancelled(outcome: outcomeInFlight)
    finish(status.code, on: shard) { sink in if !isGone { sink.fail(status, self.stream, on: shard) } }
  }

  private func expire(on shard: isolated Shard) { fail(.deadlineExceeded(outcome: outcomeInFlight), on: shard) }

  private func finish(_ code: StatusCode, on shard: isolated Shard, _ tell: (any CallSink) -> Void) {
    guard !isEnded, let sink else { return }
    isEnded = true
    if let timer { shard.cancel(timer) }
    timer = nil
    self.sink = nil
    job?.abandon()
    if let lease {
      lease.abandon(on: shard)
      self.lease = nil
    }
    tell(sink)
    if let meter { record(code, meter) }
    job = nil
  }

  private func record(_ code: StatusCode, _ meter: MethodMeter) {
    noteJob()
    meter.ended(code, times, at: Shard.now)
    self.meter = nil
  }

  /// The outcome of the call's write if the call ends before its job is answered; nil for calls that only read.
  private var outcomeInFlight: String? {
    guard changesData else { return nil }
    guard let job, job.isInFlight, !job.isRead, !isDryRun else { return written.rawValue }
    return WriteOutcome.unknown.rawValue
  }

  // MARK: Streams

  /// Sends one message of a streamed reply, then waits while too many bytes of the connection are unsent. Returns false
  /// if the call has ended.
  func send(part: WireWriter, on shard: isolated Shard) async -> Bool {
    guard !isEnded, let sink else { return false }
    sink.part(part.bytes, of: stream, on: shard)
    if !sink.takesMore {
      await withCheckedContinuation { continuation in sink.whenItTakesMore { continuation.resume() } }
    }
    return !isEnded
  }
}
