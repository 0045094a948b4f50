import BahariShard

/// One connection that many callers share for short statements. `LaneState` decides what is done, and this class does
/// it. A lane reconnects by itself.
///
/// Jobs are batched as they arrive. With nothing in flight, a job is sent in the event in which it arrived; while
/// enough groups are in flight, jobs wait and are then sent together, under one Sync if they may share it.
package final class Lane: EventEnd {
  /// The lane's name in the stats and the log.
  package let name: String
  private let options: ConnectionOptions
  private let limits: LaneLimits
  private let log: @Sendable (String) -> Void
  /// The pool that runs the jobs that would hold up others on this lane.
  private let overflow: Pool?
  private var state: LaneState
  private var connection: Connection?
  private var upWaiters: [() -> Void] = []

  package init(
    _ name: String, _ options: ConnectionOptions, limits: LaneLimits = LaneLimits(), overflow: Pool? = nil,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.name = name
    self.options = options
    self.limits = limits
    self.overflow = overflow
    self.log = { log("lane \(name): \($0)") }
    state = LaneState(limits, mayMove: overflow != nil, seed: Shard.now)
  }

  package var isUp: Bool { state.isUp }
  package var counters: LaneCounters { state.counters }
  /// The total weight of the jobs and gathered callers that wait, and the number of groups in flight.
  package var load: (waiting: Int, groups: Int) { state.load }

  /// Calls `body` as soon as there is a connection or the lane is closed; at once if that is so already.
  package func whenUp(_ body: @escaping () -> Void) {
    if state.isUp || state.isClosed { body() } else { upWaiters.append(body) }
  }

  package func open(on shard: isolated Shard) { perform(state.open(), on: shard) }

  /// Closes the connection and refuses the jobs that wait; writes in flight end as `.lost`.
  package func close(on shard: isolated Shard) { perform(state.close(), on: shard) }

  // MARK: Jobs

  package func submit(_ job: Job, on shard: isolated Shard) {
    makeRoom()
    if let refusal = state.submit(job) { return job.finish(.failure(refusal.failure), at: Shard.now) }
    scheduleSending(on: shard)
  }

  /// Accepts one more caller of `gatherer` and returns nil, or returns why the caller is refused. The gatherer has to
  /// add an accepted caller right after this call.
  package func join(_ gatherer: any Gatherer, on shard: isolated Shard) -> QueueRefusal? {
    makeRoom()
    if let refusal = state.join(gatherer) { return refusal }
    scheduleSending(on: shard)
    return nil
  }

  private func makeRoom() {
    guard state.isFull else { return }
    for job in state.dropAbandoned() { job.finish(.failure(.abandoned), at: Shard.now) }
  }

  private func scheduleSending(on shard: isolated Shard) {
    if state.schedulesSending() { shard.atEndOfEvent(self) }
  }

  package func eventEnded(on shard: isolated Shard) {
    let now = Shard.now
    while let departure = state.nextDeparture(now: now, { $0.gather(atMost: limits.groupWeight, on: shard) }) {
      for job in departure.abandoned { job.finish(.failure(.abandoned), at: now) }
      for job in departure.moved { overflow?.submit(job, on: shard) }
      send(departure.group, now: now, on: shard)
    }
  }

  private func send(_ group: [Job], now: UInt64, on shard: isolated Shard) {
    guard let first = group.first, let connection else { return }
    if first.sharing == .reads {
      // Each read is answered as soon as its own rows arrive.
      for job in group { connection.send(job, now: now, on: shard) { self.ended(job, $0, on: shard) } }
      connection.sync(on: shard) { _ in self.groupEnded(on: shard) }
    } else if group.count == 1 {
      connection.sendCommitted(first, now: now, on: shard) { end in
        self.ended(first, end, on: shard)
        self.groupEnded(on: shard)
      }
    } else {
      send(creates: group, connection, now: now, on: shard)
    }
  }

  /// Sends creates under one Sync. All are answered once all are committed. If one fails, none is applied, and each is
  /// sent again by itself.
  private func send(creates group: [Job], _ connection: Connection, now: UInt64, on shard: isolated Shard) {
    var ends: [JobEnd] = []
    for job in group { connection.send(job, now: now, on: shard) { ends.append($0) } }
    connection.sync(on: shard) { sync in
      let whole = JobEnd.ofGroup(ends, sync)
      for (job, end) in zip(group, ends) { self.ended(job, whole.inGroup(end), on: shard) }
      self.groupEnded(on: shard)
      if let state = whole.endOfConnection { self.endConnection(state, on: shard) }
    }
  }

  private func ended(_ job: Job, _ end: JobEnd, on shard: isolated Shard) {
    let now = Shard.now
    switch state.ended(job, end, now: now) {
    case .finish: job.finish(end.answer, at: now)
    case .retry, .retryAlone: break
    case .move: overflow?.submit(job, on: shard)
    }
    if let state = end.endOfConnection { endConnection(state, on: shard) }
    scheduleSending(on: shard)
  }

  private func groupEnded(on shard: isolated Shard) {
    state.groupEnded()
    scheduleSending(on: shard)
  }

  private func endConnection(_ state: SQLState, on shard: isolated Shard) {
    guard let connection else { return }
    log("PostgreSQL ended the connection: \(state)")
    connection.close(on: shard)
  }

  // MARK: The connection

  private func perform(_ actions: [LaneState.Action], on shard: isolated Shard) {
    for action in actions {
      switch action {
      case .connect: connect(on: shard)
      case .pause(let nanoseconds):
        _ = shard.schedule(after: nanoseconds) { self.perform(self.state.pauseEnded(), on: shard) }
      case .closeConnection: connection?.close(on: shard)
      case .refuse(.job(let job)): job.finish(.failure(.unavailable), at: Shard.now)
      case .refuse(.gatherer(let gatherer)): gatherer.refuse(.unavailable, on: shard)
      case .announce:
        let waiters = upWaiters
        upWaiters.removeAll()
        for waiter in waiters { waiter() }
      }
    }
    scheduleSending(on: shard)
  }

  private func connect(on shard: isolated Shard) {
    Connecting.start(options, on: shard) { result in
      switch result {
      case .success(let connection): self.connected(connection, on: shard)
      case .failure(let error):
        // An outage is logged once, however many attempts to connect fail.
        if self.state.phase == .connecting { self.log("PostgreSQL cannot be reached: \(error)") }
        self.perform(self.state.connectFailed(), on: shard)
      }
    }
  }

  private func connected(_ fresh: Connection, on shard: isolated Shard) {
    connection = fresh
    fresh.whenClosed {
      self.connection = nil
      if self.state.isUp { self.log("the connection was lost; making a new one") }
      self.perform(self.state.lost(now: Shard.now), on: shard)
    }
    perform(state.connected(now: Shard.now), on: shard)
  }
}
