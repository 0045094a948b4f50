/// A lane's decisions, without the lane: events in, actions out. Opens no socket, reads no clock, calls no caller.
struct LaneState {
  enum Phase: Equatable {
    /// There is no connection; one is being made, or will be after a pause. Jobs wait.
    /// Next: `up`, `down` when the attempt fails, `closed`.
    case connecting
    /// There is a connection. Next: `connecting` when it is lost, `closing`.
    case up(since: UInt64)
    /// The last attempt to connect failed, and another follows after a pause. Jobs are refused at once, so that
    /// callers do not wait for an outage to end. Next: `up`, `closed`.
    case down
    /// The lane is closed while its connection still is there. Jobs are refused; reads that the connection leaves
    /// unanswered wait a last time. Next: `closed` when the connection is gone.
    case closing
    /// The lane is closed for good. Nothing waits, and jobs are refused.
    case closed
  }

  /// What is to be done after an event, in this order.
  enum Action {
    case connect
    /// Wait so many nanoseconds, then call `pauseEnded`.
    case pause(UInt64)
    case closeConnection
    /// Fail the job, or all callers of the gatherer, as unavailable.
    case refuse(LaneQueue.Entry)
    /// Run what waits for the lane to be up or closed.
    case announce
  }

  /// Whether groups are to be formed at the end of the shard's event, as is done once per event.
  private enum Sending {
    /// Next: `due` when work waits that would be sent.
    case idle
    /// Next: `scheduled` when the driver asks.
    case due
    /// Next: `idle` when groups are formed.
    case scheduled
  }

  let limits: LaneLimits
  /// Whether there is a pool that takes the jobs that would hold up others.
  private let mayMove: Bool
  private(set) var phase = Phase.connecting
  private(set) var counters = LaneCounters()
  private var queue = LaneQueue()
  private var bans = StatementBans()
  private var sending = Sending.idle
  private var groupsInFlight = 0
  private var weightInFlight = 0
  private var lastAnswer: UInt64 = 0
  private var backoff: Backoff

  init(_ limits: LaneLimits, mayMove: Bool, seed: UInt64) {
    self.limits = limits
    self.mayMove = mayMove
    backoff = Backoff(seed: seed)
  }

  var isUp: Bool { if case .up = phase { true } else { false } }
  var isClosed: Bool { phase == .closing || phase == .closed }
  /// Jobs and gathered callers that wait, and groups in flight.
  var load: (waiting: Int, groups: Int) { (queue.weight, groupsInFlight) }
}

// MARK: - The connection

extension LaneState {
  /// The driver begins to keep the lane connected.
  mutating func open() -> [Action] { phase == .connecting ? [.connect] : [] }

  mutating func connected(now: UInt64) -> [Action] {
    guard !isClosed else { return [.closeConnection] }
    phase = .up(since: now)
    wantSending()
    return [.announce]
  }

  mutating func connectFailed() -> [Action] {
    guard !isClosed else { return [] }
    phase = .down
    return refuseAll() + [.pause(backoff.next())]
  }

  mutating func pauseEnded() -> [Action] { isClosed ? [] : [.connect] }

  /// The connection is gone. Jobs that it left unanswered have ended as `.lost` before this.
  mutating func lost(now: UInt64) -> [Action] {
    switch phase {
    case .up(let since):
      counters.losses += 1
      phase = .connecting
      let pause = backoff.next(after: now - since)
      return [pause == 0 ? .connect : .pause(pause)]
    case .closing:
      phase = .closed
      return refuseAll() + [.announce]
    case .connecting, .down, .closed: return []
    }
  }

  mutating func close() -> [Action] {
    switch phase {
    case .up:
      phase = .closing
      return [.closeConnection]
    case .connecting, .down:
      phase = .closed
      return refuseAll() + [.announce]
    case .closing, .closed: return []
    }
  }

  private mutating func refuseAll() -> [Action] { queue.removeAll().map { .refuse($0) } }
}

// MARK: - Jobs

extension LaneState {
  /// Whether the queue is full. The driver then calls `dropAbandoned` before it submits.
  var isFull: Bool { queue.arrivalWeight >= limits.queue }

  /// Removes the jobs and gathered callers that nobody waits for any more. Returns the jobs, to be finished.
  mutating func dropAbandoned() -> [Job] { queue.dropAbandoned() }

  /// Queues a job; nil if it is accepted.
  mutating func submit(_ job: Job) -> QueueRefusal? {
    if let refusal = refusal() { return refusal }
    queue.append(job)
    wantSending()
    return nil
  }

  /// Accepts one more caller of a gatherer, who is added to it right after this call; nil if it is accepted.
  mutating func join(_ gatherer: any Gatherer) -> QueueRefusal? {
    if let refusal = refusal() { return refusal }
    queue.join(gatherer)
    wantSending()
    return nil
  }

  private mutating func refusal() -> QueueRefusal? {
    switch phase {
    case .down, .closing, .closed: return .unavailable
    case .connecting, .up:
      guard isFull else { return nil }
      counters.refusals += 1
      return .overloaded
    }
  }

  /// Whether waiting work of this weight is sent now. Little work waits while two groups are in flight, so that it
  /// leaves together; enough work for a full group may have more groups in flight.
  private func takes(_ weight: Int) -> Bool {
    let most = weight >= limits.groupWeight ? limits.fullGroups : limits.groups
    return groupsInFlight < most && weightInFlight < most * limits.groupWeight
  }

  private mutating func wantSending() {
    if sending == .idle, isUp, takes(queue.weight), !queue.isEmpty { sending = .due }
  }

  /// True once when groups are to be formed at the end of the event. The driver asks after every event.
  mutating func schedulesSending() -> Bool {
    guard sending == .due else { return false }
    sending = .scheduled
    return true
  }

  /// Work that leaves the queue together.
  struct Departure {
    /// Jobs that share a Sync, and are to be sent now; may be empty if there are others.
    var group: [Job] = []
    /// Jobs that nobody waits for any more.
    var abandoned: [Job] = []
    /// Jobs whose statement is banned from the lane, for the pool.
    var moved: [Job] = []
  }

  /// The next group, nil if nothing is to be sent now. The driver asks until then. A gatherer's job is made by
  /// `gather`.
  mutating func nextDeparture(now: UInt64, _ gather: (any Gatherer) -> Job?) -> Departure? {
    sending = .idle
    guard isUp, takes(queue.weight) else { return nil }
    var departure = Departure()
    var weight = 0
    while weight < limits.groupWeight,
      let job = queue.next(sharingWith: departure.group.first, gather)
    {
      if job.isAbandoned {
        departure.abandoned.append(job)
      } else if bans.apply(to: job.statements, now: now) {
        counters.moves += 1
        departure.moved.append(job)
      } else {
        departure.group.append(job)
        weight += job.weight
      }
    }
    guard weight > 0 else { return departure.abandoned.isEmpty && departure.moved.isEmpty ? nil : departure }
    groupsInFlight += 1
    weightInFlight += weight
    counters.count(departure.group)
    return departure
  }

  /// An attempt at a job ended. Returns what happens to it: a job that is sent again has been queued, one that
  /// finishes or moves is the driver's.
  mutating func ended(_ job: Job, _ end: JobEnd, now: UInt64) -> NextStep {
    weightInFlight -= job.weight
    if let pace = job.pace, let sent = job.sentAt {
      // It ran from when the answer before it came, or from when it was sent.
      pace.ran(for: now - max(sent, lastAnswer))
      lastAnswer = now
    }
    var step = job.attemptEnded(end, mayMove: mayMove)
    // Nothing that waits would be sent, or refused, any more.
    if phase == .closed, step != .move { step = .finish }
    switch step {
    case .finish: break
    case .retry, .retryAlone: queue.retry(job)
    case .move:
      job.pace?.heldUpOthers(now: now)
      bans.add(job.statements, now: now)
      counters.moves += 1
    }
    wantSending()
    return step
  }

  /// The Sync of a group was answered, after all its jobs ended.
  mutating func groupEnded() {
    groupsInFlight -= 1
    wantSending()
  }
}
