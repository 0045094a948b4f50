import BahariCall
import BahariFrame
import BahariPostgres
import BahariShard

/// One call from its admission to its one end. Owns its deadline; whatever comes after the end is dropped.
package final class Call: ServedCall {
  private let service: Service
  package let stream: UInt32
  package let peer: Peer
  /// Monotonic nanoseconds; set when the call is routed.
  private(set) var deadline = UInt64.max
  package private(set) var isEnded = false
  private var sink: (any CallSink)?
  private var timer: Timer?
  /// What PostgreSQL does for the call at the moment.
  private var job: Job?
  /// The exclusive connection it uses, if any.
  private var lease: Lease?
  private var meter: MethodMeter?
  private var times = CallTimes()
  private var changesData = false
  /// A COMMIT is on its way, of which nobody knows the end before the answer.
  private var isCommitting = false

  package init(_ service: Service, stream: UInt32, peer: Peer, sink: any CallSink) {
    self.service = service
    self.stream = stream
    self.peer = peer
    self.sink = sink
  }

  package func start(_ request: RequestEnvelope, on shard: isolated Shard) {
    service.handle(self, request, on: shard)
  }

  /// Starts the clock. A deadline that has passed ends the call at once.
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

  /// Notes what PostgreSQL does for the call; abandoned if the call ends early.
  func track(_ job: Job) {
    if self.job != nil { noteJob() }
    self.job = job
  }

  /// Notes that PostgreSQL has statements of the call that are in no job.
  func noteSent() { times.noteSent(at: Shard.now) }

  /// Notes that they have been answered.
  func noteAnswer() { times.noteAnswer(at: Shard.now) }

  /// Takes over the times of the job.
  private func noteJob() {
    guard let job, let sent = job.sentAt else { return }
    times.noteSent(at: sent)
    if let answered = job.answeredAt { times.noteAnswer(at: answered) }
  }

  /// Notes the connection on which work is to be stopped if the call ends early; nil once it is released.
  func track(_ lease: Lease?) { self.lease = lease }

  /// Notes that what the call writes may be there from now on, whatever becomes of the call.
  func commits() {
    isCommitting = true
    // A commit is not to be stopped half way.
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
    // Whoever fails a write without PostgreSQL's word says so; all else was refused.
    if changesData, status.metadata["outcome"] == nil { status.metadata["outcome"] = "not_applied" }
    finish(status.code, on: shard) { sink in sink.fail(status, self.stream, on: shard) }
  }

  /// Ends the call early for a fault of its caller; a write that was sent may be there all the same.
  package func abort(_ refusal: FrameRefusal, on shard: isolated Shard) {
    var status = Status(refusal)
    status.metadata["outcome"] = outcome
    fail(status, on: shard)
  }

  /// The caller said it needs no answer, or is gone; nothing is sent to one that is gone.
  package func cancel(isGone: Bool, on shard: isolated Shard) {
    let status = Status.cancelled(outcome: outcome)
    finish(status.code, on: shard) { sink in if !isGone { sink.fail(status, self.stream, on: shard) } }
  }

  private func expire(on shard: isolated Shard) { fail(.deadlineExceeded(outcome: outcome), on: shard) }

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

  /// What is known of a write that ends without PostgreSQL's word.
  private var outcome: String? {
    guard changesData else { return nil }
    return isCommitting || job?.isSent ?? false ? "unknown" : "not_applied"
  }

  // MARK: Streams

  /// Sends one message of a stream, then waits until the connection takes more. False once the call has ended.
  func send(part: WireWriter, on shard: isolated Shard) async -> Bool {
    guard !isEnded, let sink else { return false }
    sink.part(part.bytes, of: stream, on: shard)
    if !sink.takesMore {
      await withCheckedContinuation { continuation in sink.whenItTakesMore { continuation.resume() } }
    }
    return !isEnded
  }
}
