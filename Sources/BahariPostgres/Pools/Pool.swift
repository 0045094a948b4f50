import BahariShard

/// Exclusive connections for jobs that may take long. `PoolState` decides what is done, and this class does it.
package final class Pool {
  fileprivate typealias Waiter = (Result<Lease, PostgresFailure>) -> Void

  /// The pool's name in the stats and the log.
  package let name: String
  private let options: ConnectionOptions
  private let log: @Sendable (String) -> Void
  private var state: PoolState
  private var connections: [PoolState.ConnectionID: Connection] = [:]
  private var waiters: [PoolState.WaiterID: Waiter] = [:]
  private var lastWaiter = 0
  /// The lane on which requests to stop abandoned statements are sent.
  package unowned var utility: Lane?

  package init(
    _ name: String, _ options: ConnectionOptions, limits: PoolLimits = PoolLimits(),
    log: @escaping @Sendable (String) -> Void
  ) {
    self.name = name
    self.options = options
    self.log = { log("pool \(name): \($0)") }
    state = PoolState(limits, seed: Shard.now)
  }

  /// Starts the pool: once a second, it closes connections that are too old.
  package func open(on shard: isolated Shard) {
    guard !state.isClosed else { return }
    perform(state.tick(now: Shard.now), on: shard)
    _ = shard.schedule(after: 1_000_000_000) { self.open(on: shard) }
  }

  /// Closes all connections and refuses the jobs that wait; statements in flight end as `.lost`.
  package func close(on shard: isolated Shard) { perform(state.close(), on: shard) }

  package var counts: (connecting: Int, idle: Int, leased: Int, waiting: Int) { state.counts }

  /// Runs one job on an exclusive connection. A job that is abandoned is removed from the queue, or stopped in
  /// PostgreSQL if it runs.
  package func submit(_ job: Job, on shard: isolated Shard) {
    let waiter = lastWaiter + 1
    job.whenAbandoned = {
      guard let waiting = self.waiters.removeValue(forKey: waiter) else { return }
      self.state.cancel(waiter)
      waiting(.failure(.abandoned))
    }
    lease(on: shard) { result in
      job.whenAbandoned = nil
      switch result {
      case .failure(let failure): job.finish(.failure(failure), at: Shard.now)
      case .success(let lease): self.run(job, lease, on: shard)
      }
    }
  }

  private func run(_ job: Job, _ lease: Lease, on shard: isolated Shard) {
    guard !job.isAbandoned else {
      lease.release(on: shard)
      return job.finish(.failure(.abandoned), at: Shard.now)
    }
    job.whenAbandoned = { lease.abandon(on: shard) }
    lease.run(job, on: shard) { end in
      let now = Shard.now
      job.whenAbandoned = nil
      if let pace = job.pace, let sent = job.sentAt { pace.ran(for: now - sent) }
      lease.release(on: shard)
      switch job.attemptEnded(end, mayMove: false) {
      case .retry, .retryAlone: self.submit(job, on: shard)
      case .finish, .move: job.finish(end.answer, at: now)
      }
    }
  }

  /// Returns a connection for one user alone, who has to `release` it in any case.
  package func lease(on shard: isolated Shard) async throws(PostgresFailure) -> Lease {
    let result = await withCheckedContinuation { continuation in
      lease(on: shard) { continuation.resume(returning: Box($0)) }
    }
    return try result.content.get()
  }

  private func lease(on shard: isolated Shard, _ waiter: @escaping Waiter) {
    lastWaiter += 1
    waiters[lastWaiter] = waiter
    perform(state.request(lastWaiter, now: Shard.now), on: shard)
  }

  func release(_ id: PoolState.ConnectionID, on shard: isolated Shard) {
    let isReusable = connections[id]?.isReusable ?? false
    perform(state.release(id, reusable: isReusable, now: Shard.now), on: shard)
  }

  // MARK: Actions

  private func perform(_ actions: [PoolState.Action], on shard: isolated Shard) {
    for action in actions {
      switch action {
      case .connect(let id): connect(id, on: shard)
      case .close(let id): connections.removeValue(forKey: id)?.close(on: shard)
      case .lease(let waiter, let id):
        guard let connection = connections[id] else { continue }
        waiters.removeValue(forKey: waiter)?(.success(Lease(id, connection, self)))
      case .refuse(let waiter, let refusal): waiters.removeValue(forKey: waiter)?(.failure(refusal.failure))
      }
    }
  }

  private func connect(_ id: PoolState.ConnectionID, on shard: isolated Shard) {
    Connecting.start(options, on: shard) { result in
      switch result {
      case .failure(let error):
        // An outage is logged once, however many attempts to connect fail.
        if self.state.isOpen { self.log("no connection could be made: \(error)") }
        self.perform(self.state.connectFailed(id, now: Shard.now), on: shard)
      case .success(let connection):
        self.connections[id] = connection
        connection.whenClosed {
          self.connections[id] = nil
          self.perform(self.state.lost(id, now: Shard.now), on: shard)
        }
        self.perform(self.state.connected(id, now: Shard.now), on: shard)
      }
    }
  }
}
