import BahariShard

/// How much a lane takes on. To add one: name it with its unit, and say why.
package struct LaneLimits: Sendable {
  /// Groups on the way to PostgreSQL before what comes waits: one is worked on, the next lies ready.
  package var groups = 2
  /// The same where as much waits as makes a full group.
  package var fullGroups = 8
  /// Statements, or keys of a statement, that make a full group: more would save PostgreSQL little, and let
  /// callers, daemon and PostgreSQL take turns where they could work at the same time.
  package var groupWeight = 32
  /// Jobs that wait; what comes more is refused.
  package var queue = 8192

  package init() {}

  /// Statements leave one by one, as they come: for comparing.
  package static var unbatched: LaneLimits {
    var limits = LaneLimits()
    (limits.groups, limits.fullGroups, limits.groupWeight) = (512, 512, 1)
    return limits
  }

  /// One statement on the way at a time: for poolers that cannot pipeline.
  package static var unpipelined: LaneLimits {
    var limits = LaneLimits()
    (limits.groups, limits.fullGroups, limits.groupWeight) = (1, 1, 1)
    return limits
  }
}

/// What a lane has done since it was made.
package struct LaneCounters: Sendable {
  /// Groups, each ended by one Sync.
  package var syncs = 0
  package var statements = 0
  /// Jobs sent, and what they weighed: a statement for many keys weighs as many.
  package var jobs = 0
  package var weight = 0
  /// Jobs sent once more: after a neighbour's failure, a deadlock, a stale plan, a lost connection.
  package var repeats = 0
  /// Jobs that met a lock or took long, and went on to an exclusive connection.
  package var moves = 0
  /// Jobs refused because the queue was full.
  package var refusals = 0
  package var losses = 0
}

/// Told when a lane that was full takes more.
package protocol LaneWaiter: AnyObject {
  func laneTakesMore(on shard: isolated Shard)
}

/// One connection for short statements of many callers. A lane keeps itself connected.
///
/// Jobs are batched as they come: with nothing on the way a job leaves in the event it came in; while groups are
/// on their way, jobs wait and leave together, under one Sync if they may share it.
package final class PointLane: EventEnd {
  private enum State {
    /// Up, or being brought up after a loss; jobs wait.
    case open
    /// The last attempt failed; jobs are refused at once until one succeeds.
    case down
  }

  private let options: ConnectionOptions
  package let limits: LaneLimits
  private let log: @Sendable (String) -> Void
  /// Where a job goes that would hold up the others.
  private let overflow: Pool?
  /// Statements that have just held up others, and until when they go elsewhere at once. As a rule none.
  private var banned: [Statement: UInt64] = [:]
  private static let banNanoseconds: UInt64 = 1_000_000_000
  package private(set) var counters = LaneCounters()
  private var state = State.open
  private var connection: Connection?
  private var waiting = Fifo<Job>()
  /// Jobs that must not wait behind new ones.
  private var again = Fifo<Job>()
  /// Of all jobs that wait here.
  private var waitingWeight = 0
  private var waiters: [any LaneWaiter] = []
  private var groupsInFlight = 0
  /// When the last answer came; a statement runs from then, or from when it was sent.
  private var lastAnswer: UInt64 = 0
  /// Of all jobs on their way.
  private var weightInFlight = 0
  private var isScheduled = false
  private var isClosed = false
  private var upWaiters: [() -> Void] = []
  private var backoff = Backoff(seed: Shard.now)

  package init(
    _ options: ConnectionOptions, limits: LaneLimits = LaneLimits(), overflow: Pool? = nil,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.options = options
    self.limits = limits
    self.overflow = overflow
    self.log = log
  }

  /// Whether there is a connection now.
  package var isUp: Bool { connection != nil }

  /// Jobs that wait, groups on the way.
  package var load: (waiting: Int, groups: Int) { (waiting.count + again.count, groupsInFlight) }

  /// Calls `body` as soon as there is a connection, or the lane is closed.
  package func whenUp(_ body: @escaping () -> Void) {
    if isUp || isClosed { body() } else { upWaiters.append(body) }
  }

  package func open(on shard: isolated Shard) { connect(on: shard) }

  /// Lets go of the connection; what is on the way is told as lost.
  package func close(on shard: isolated Shard) {
    isClosed = true
    connection?.close(on: shard)
    refuseAll()
    tellUp()
  }

  package func submit(_ job: Job, on shard: isolated Shard) {
    guard state == .open, !isClosed else { return job.finish(.failure(.unavailable)) }
    if waiting.count >= limits.queue { dropAbandoned() }
    guard waiting.count < limits.queue else {
      counters.refusals += 1
      return job.finish(.failure(.overloaded))
    }
    waiting.append(job)
    waitingWeight += job.weight
    schedule(on: shard)
  }

  private func takeUp(again job: Job, on shard: isolated Shard) {
    again.append(job)
    waitingWeight += job.weight
    schedule(on: shard)
  }

  /// Those whose callers are gone make room.
  private func dropAbandoned() {
    for job in waiting.removeAll() {
      guard job.isAbandoned else {
        waiting.append(job)
        continue
      }
      waitingWeight -= job.weight
      job.finish(.failure(.abandoned))
    }
  }

  // MARK: Room

  /// Whether work of this weight would be sent now, and not wait here.
  package func takes(_ weight: Int) -> Bool {
    let most = weight >= limits.groupWeight ? limits.fullGroups : limits.groups
    return groupsInFlight < most && weightInFlight < most * limits.groupWeight
  }

  /// Tells `waiter` once, when a group has come back.
  package func tellWhenItTakesMore(_ waiter: any LaneWaiter) { waiters.append(waiter) }

  private func groupEnded(on shard: isolated Shard) {
    groupsInFlight -= 1
    tellMoreIsTaken(on: shard)
  }

  private func ended(_ job: Job, on shard: isolated Shard) {
    weightInFlight -= job.weight
    if takes(1) { tellMoreIsTaken(on: shard) }
  }

  private func tellMoreIsTaken(on shard: isolated Shard) {
    if !again.isEmpty || !waiting.isEmpty { schedule(on: shard) }
    guard !waiters.isEmpty else { return }
    let told = waiters
    waiters.removeAll(keepingCapacity: true)
    for waiter in told { waiter.laneTakesMore(on: shard) }
  }

  // MARK: Sending

  private func schedule(on shard: isolated Shard) {
    guard !isScheduled else { return }
    isScheduled = true
    shard.atEndOfEvent(self)
  }

  package func eventEnded(on shard: isolated Shard) {
    isScheduled = false
    guard let connection else { return }
    // A send that fails closes the connection; what is left waits for the next.
    while connection.isOpen, takes(waitingWeight) {
      let group = nextGroup(on: shard)
      guard let first = group.first else { return }
      groupsInFlight += 1
      note(group)
      if first.isRead, !first.runsAlone {
        send(reads: group, connection, on: shard)
      } else if group.count == 1 {
        connection.sendCommitted(first, on: shard) { end in
          self.settle(first, end, on: shard)
          self.groupEnded(on: shard)
        }
      } else {
        send(writes: group, connection, on: shard)
      }
    }
  }

  /// The next jobs that may share a Sync.
  private func nextGroup(on shard: isolated Shard) -> [Job] {
    var group: [Job] = []
    var weight = 0
    while weight < limits.groupWeight, let job = again.first ?? waiting.first {
      if let first = group.first, !first.shares(with: job) { break }
      _ = again.popFirst() ?? waiting.popFirst()
      waitingWeight -= job.weight
      if job.isAbandoned {
        job.finish(.failure(.abandoned))
      } else if isBanned(job) {
        move(job, on: shard)
      } else {
        group.append(job)
        weight += job.weight
      }
    }
    return group
  }

  private func note(_ group: [Job]) {
    counters.syncs += 1
    counters.jobs += group.count
    for job in group {
      counters.statements += job.statements.count
      counters.weight += job.weight
      weightInFlight += job.weight
      if job.attempts > 0 { counters.repeats += 1 }
    }
  }

  /// Each is answered as its rows come.
  private func send(reads group: [Job], _ connection: Connection, on shard: isolated Shard) {
    for job in group {
      connection.send(job, on: shard) { end in
        self.time(job)
        self.settle(job, end, on: shard)
      }
    }
    connection.sync(on: shard) { _ in self.groupEnded(on: shard) }
  }

  private func time(_ job: Job) {
    guard let pace = job.pace, let sent = job.sentAt else { return }
    let now = Shard.now
    pace.ran(for: now - max(sent, lastAnswer))
    lastAnswer = now
  }

  /// All are answered once all are committed. If one fails, none is applied, and each is made again by itself.
  private func send(writes group: [Job], _ connection: Connection, on shard: isolated Shard) {
    var ends: [JobEnd] = []
    for job in group { connection.send(job, on: shard) { ends.append($0) } }
    connection.sync(on: shard) { sync in
      switch JobEnd.ofAll(ends, sync) {
      case .rows: for (job, end) in zip(group, ends) { self.settle(job, end, on: shard) }
      case .refused(let error) where error.sqlState.endsConnection:
        self.endConnection(error.sqlState, on: shard)
        self.repeatAlone(group, on: shard)
      case .refused, .aborted: self.repeatAlone(group, on: shard)
      case .lost: for job in group { self.settle(job, .lost, on: shard) }
      }
      self.groupEnded(on: shard)
    }
  }

  private func repeatAlone(_ group: [Job], on shard: isolated Shard) {
    for job in group {
      ended(job, on: shard)
      if job.settle(.aborted) == .again { takeUp(again: job, on: shard) }
    }
  }

  private func settle(_ job: Job, _ end: JobEnd, on shard: isolated Shard) {
    ended(job, on: shard)
    if case .refused(let error) = end {
      if overflow != nil, error.sqlState.holdsUpOthers, !job.isAbandoned {
        job.pace?.heldUpOthers(now: Shard.now)
        if banned.count > 100 { banned.removeAll() }
        for bound in job.statements { banned[bound.statement] = Shard.now + PointLane.banNanoseconds }
        return move(job, on: shard)
      }
      if error.sqlState.endsConnection {
        if job.settle(end) == .again { takeUp(again: job, on: shard) }
        return endConnection(error.sqlState, on: shard)
      }
    }
    if job.settle(end) == .again { takeUp(again: job, on: shard) }
  }

  private func move(_ job: Job, on shard: isolated Shard) {
    counters.moves += 1
    job.isSent = false
    overflow?.submit(job, on: shard)
  }

  private func isBanned(_ job: Job) -> Bool {
    guard !banned.isEmpty else { return false }
    return job.statements.contains { bound in
      guard let until = banned[bound.statement] else { return false }
      if until > Shard.now { return true }
      banned[bound.statement] = nil
      return false
    }
  }

  private func endConnection(_ state: SQLState, on shard: isolated Shard) {
    guard let connection else { return }
    log("the point lane's connection was ended by the server: \(state)")
    connection.close(on: shard)
  }

  // MARK: Connecting

  private func connect(after nanoseconds: UInt64, on shard: isolated Shard) {
    guard nanoseconds > 0 else { return connect(on: shard) }
    _ = shard.schedule(after: nanoseconds) { self.connect(on: shard) }
  }

  private func connect(on shard: isolated Shard) {
    guard !isClosed else { return }
    Connecting.start(options, on: shard) { result in
      switch result {
      case .success(let connection): self.connected(connection, on: shard)
      case .failure(let error): self.failed(error, on: shard)
      }
    }
  }

  private func connected(_ fresh: Connection, on shard: isolated Shard) {
    guard !isClosed else { return fresh.close(on: shard) }
    connection = fresh
    state = .open
    let begin = Shard.now
    fresh.whenClosed {
      self.connection = nil
      guard !self.isClosed else { return }
      self.counters.losses += 1
      self.log("the point lane lost its connection and makes a new one")
      self.connect(after: self.backoff.next(after: Shard.now - begin), on: shard)
    }
    schedule(on: shard)
    tellUp()
  }

  private func tellUp() {
    let waiters = upWaiters
    upWaiters.removeAll()
    for waiter in waiters { waiter() }
  }

  private func failed(_ error: ConnectError, on shard: isolated Shard) {
    if state == .open { log("PostgreSQL cannot be reached: \(error)") }
    state = .down
    refuseAll()
    connect(after: backoff.next(), on: shard)
  }

  private func refuseAll() {
    waitingWeight = 0
    for job in again.removeAll() + waiting.removeAll() { job.finish(.failure(.unavailable)) }
  }
}
