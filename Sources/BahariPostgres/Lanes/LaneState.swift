/// A lane's decisions as a state machine: it is told of events and returns actions. It opens no socket, reads no clock
/// and answers no caller; `Lane` does that.
struct LaneState {
  enum Phase: Equatable {
    /// There is no connection; one is being made, or will be after a pause. Jobs wait.
    /// Next: `up`, `down` when the attempt fails, `closed`.
    case connecting
    /// There is a connection, made at the time `since`. Next: `connecting` when it is lost, `closing`.
    case up(since: UInt64)
    /// The last attempt to connect failed, and the next one follows after a pause. Jobs are refused at once, so that
    /// callers do not wait for the end of an outage. Next: `up`, `closed`.
    case down
    /// The lane is closing, and its connection is not closed yet. New jobs are refused; reads that the connection
    /// leaves unanswered wait until it is closed, and are refused then. Next: `closed` when the connection is closed.
    case closing
    /// The lane is closed. No job waits, and new jobs are refused. The last phase.
    case closed
  }

  /// An action that `Lane` carries out after an event. Actions are carried out in the order in which they are returned.
  enum Action {
    case connect
    /// Wait for this many nanoseconds, then call `pauseEnded`.
    case pause(UInt64)
    case closeConnection
    /// Fail the job, or all callers of the gatherer, as unavailable.
    case refuse(LaneQueue.Entry)
    /// Call the closures that wait until the lane is up or closed.
    case announce
  }

  /// Whether groups are formed at the end of the shard's current event. This is done at most once per event.
  private enum Sending {
    /// Nothing can be sent. Next: `due` when work waits that can be sent.
    case idle
    /// Work waits that can be sent. Next: `scheduled` when `Lane` calls `schedulesSending`.
    case due
    /// Groups will be formed at the end of the event. Next: `idle` when they are formed.
    case scheduled
  }

  let limits: LaneLimits
  /// Whether there is a pool for the jobs that would hold up others on the lane.
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
  /// The total weight of the jobs and gathered callers that wait, and the number of groups in flight.
  var load: (waiting: Int, groups: Int) { (queue.weight, groupsInFlight) }
}

// MARK: - The connection

extension LaneState {
  /// Opens the lane, which then keeps itself connected.
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

  /// Called when the connection has closed, after the jobs that it left unanswered have ended as `.lost`.
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
  /// Whether the queue is full. `Lane` then calls `dropAbandoned` before it submits work.
  var isFull: Bool { queue.arrivalWeight >= limits.queue }

  /// Removes the jobs and gathered callers that have been abandoned. Returns the jobs, which are then to be finished.
  mutating func dropAbandoned() -> [Job] { queue.dropAbandoned() }

  /// Queues a job and returns nil, or returns why the job is refused.
  mutating func submit(_ job: Job) -> QueueRefusal? {
    if let refusal = refusal() { return refusal }
    queue.append(job)
    wantSending()
    return nil
  }

  /// Accepts one more caller of `gatherer` and returns nil, or returns why the caller is refused. The gatherer adds an
  /// accepted caller right after this call.
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

  /// Whether waiting work of this total weight is sent now. With `limits.groups` groups in flight, work that does not
  /// fill a group waits, so that more of it is sent together; work that fills a group is sent until `limits.fullGroups`
  /// are in flight.
  private func takes(_ weight: Int) -> Bool {
    let most = weight >= limits.groupWeight ? limits.fullGroups : limits.groups
    return groupsInFlight < most && weightInFlight < most * limits.groupWeight
  }

  private mutating func wantSending() {
    if sending == .idle, isUp, takes(queue.weight), !queue.isEmpty { sending = .due }
  }

  /// Whether groups have to be formed at the end of the current event; true for the first call only, until they are
  /// formed.
  mutating func schedulesSending() -> Bool {
    guard sending == .due else { return false }
    sending = .scheduled
    return true
  }

  /// Jobs that leave the queue at the same time.
  struct Departure {
    /// The group to send now, which ends with one Sync. Empty if all jobs taken from the queue are abandoned or moved.
    var group: [Job] = []
    /// Jobs that all callers have abandoned; they are not sent.
    var abandoned: [Job] = []
    /// Jobs whose statement is banned from the lane; the pool runs them.
    var moved: [Job] = []
  }

  /// Returns the next group, or nil if nothing is to be sent now; `Lane` calls it until it returns nil. `gather` makes
  /// a gatherer's job.
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

  /// Records the end of an attempt at `job` and returns the next step. A job that is sent again is queued here; `Lane`
  /// finishes or moves the others.
  mutating func ended(_ job: Job, _ end: JobEnd, now: UInt64) -> NextStep {
    weightInFlight -= job.weight
    if let pace = job.pace, let sent = job.sentAt {
      // The running time of the statement: from the lane's previous answer, or from the sending of the statement if
      // that was later, until now. Before the previous answer, PostgreSQL was busy with another statement.
      pace.ran(for: now - max(sent, lastAnswer))
      lastAnswer = now
    }
    var step = job.attemptEnded(end, mayMove: mayMove)
    // On a closed lane a queued job would never be sent or refused, so the job is finished.
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

  /// Called when the Sync of a group is answered, after all jobs of the group have ended.
  mutating func groupEnded() {
    groupsInFlight -= 1
    wantSending()
  }
}
