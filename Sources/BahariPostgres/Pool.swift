import BahariShard

/// Exclusive connections for lists, batches and exports: `PoolState` decides, this does.
package final class Pool {
  fileprivate typealias Waiter = (Result<Lease, PostgresFailure>) -> Void

  private let options: ConnectionOptions
  private let log: @Sendable (String) -> Void
  private var state: PoolState
  private var connections: [PoolState.ConnectionID: Connection] = [:]
  private var waiters: [PoolState.WaiterID: Waiter] = [:]
  private var lastWaiter = 0
  private var isClosed = false
  /// Tells PostgreSQL to stop what nobody waits for any more.
  package unowned var utility: PointLane?

  package init(
    _ options: ConnectionOptions, limits: PoolLimits = PoolLimits(), log: @escaping @Sendable (String) -> Void
  ) {
    self.options = options
    self.log = log
    state = PoolState(limits, seed: Shard.now)
  }

  /// Starts the housekeeping.
  package func open(on shard: isolated Shard) {
    guard !isClosed else { return }
    perform(state.tick(now: Shard.now), on: shard)
    _ = shard.schedule(after: 1_000_000_000) { self.open(on: shard) }
  }

  package func close(on shard: isolated Shard) {
    isClosed = true
    for connection in connections.values { connection.close(on: shard) }
    for waiter in waiters.values { waiter(.failure(.unavailable)) }
    waiters.removeAll()
  }

  package var counts: (connecting: Int, idle: Int, leased: Int, waiting: Int) { state.counts }

  /// Runs one job on a connection of its own. One that is abandoned gives up its place in the queue, and is
  /// stopped in PostgreSQL if it runs.
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
      case .failure(let failure): job.finish(.failure(failure))
      case .success(let lease): self.run(job, lease, on: shard)
      }
    }
  }

  private func run(_ job: Job, _ lease: Lease, on shard: isolated Shard) {
    guard !job.isAbandoned else {
      lease.release(on: shard)
      return job.finish(.failure(.abandoned))
    }
    job.whenAbandoned = { lease.stop(on: shard) }
    lease.connection.sendCommitted(job, on: shard) { end in
      job.whenAbandoned = nil
      if let pace = job.pace, let sent = job.sentAt { pace.ran(for: Shard.now - sent) }
      lease.release(on: shard)
      if job.settle(end) == .again { self.submit(job, on: shard) }
    }
  }

  /// A connection for one user alone, who is to `release` it whatever happens.
  package func lease(on shard: isolated Shard) async throws(PostgresFailure) -> Lease {
    let result = await withCheckedContinuation { continuation in
      lease(on: shard) { continuation.resume(returning: Box($0)) }
    }
    return try result.content.get()
  }

  private func lease(on shard: isolated Shard, _ waiter: @escaping Waiter) {
    guard !isClosed else { return waiter(.failure(.unavailable)) }
    lastWaiter += 1
    waiters[lastWaiter] = waiter
    perform(state.request(lastWaiter, now: Shard.now), on: shard)
  }

  func release(_ id: PoolState.ConnectionID, on shard: isolated Shard) {
    let reusable = connections[id]?.isReusable ?? false
    perform(state.release(id, reusable: reusable && !isClosed, now: Shard.now), on: shard)
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
      case .refuse(let waiter, .unavailable): waiters.removeValue(forKey: waiter)?(.failure(.unavailable))
      case .refuse(let waiter, .overloaded): waiters.removeValue(forKey: waiter)?(.failure(.overloaded))
      }
    }
  }

  private func connect(_ id: PoolState.ConnectionID, on shard: isolated Shard) {
    // What is lost while the pool closes is not replaced.
    guard !isClosed else { return }
    Connecting.start(options, on: shard) { result in
      switch result {
      case .failure(let error):
        // An outage is one line of the log, however many attempts it takes.
        if !self.state.isDown { self.log("an exclusive connection could not be made: \(error)") }
        self.perform(self.state.connectFailed(id, now: Shard.now), on: shard)
      case .success(let connection):
        guard !self.isClosed else { return connection.close(on: shard) }
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

/// Carries a value of a shard's region through a continuation that resumes on the same shard.
///
/// `@unchecked Sendable`: made and opened by functions isolated to that shard, and nowhere else.
struct Box<Content>: @unchecked Sendable {
  let content: Content

  init(_ content: Content) { self.content = content }
}
