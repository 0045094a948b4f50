import BahariShard

/// A connection for one user alone.
package final class Lease {
  private enum State {
    /// No statement runs. Next: `running`, `released`.
    case quiet
    /// Next: `quiet` when the statements end, `stopping`.
    case running
    /// PostgreSQL was asked to stop what runs. Until it has answered, the connection is given to nobody else, whose
    /// statement would be stopped instead. Next: `quiet`, or `stoppingReleased` when the user gives it back first.
    case stopping
    /// Next: `released` when PostgreSQL has answered.
    case stoppingReleased
    /// The pool has the connection back. The last state.
    case released
  }

  private let connection: Connection
  private let id: PoolState.ConnectionID
  private let pool: Pool
  private var state = State.quiet

  init(_ id: PoolState.ConnectionID, _ connection: Connection, _ pool: Pool) {
    self.id = id
    self.connection = connection
    self.pool = pool
  }

  /// Runs statements under one Sync: all of them or none. Inside a transaction they are part of it.
  package func run(_ statements: [Bound], on shard: isolated Shard) async throws(PostgresFailure) -> [Rows] {
    let end = await withCheckedContinuation { continuation in
      run(Job(write: statements) { _ in }, mayStayOpen: true, on: shard) { continuation.resume(returning: Box($0)) }
    }
    return try end.content.answer.get()
  }

  /// Runs a job and commits it; inside a transaction with `mayStayOpen`, where a later statement does. `ended` gets
  /// the end of the attempt, the job itself is not finished.
  func run(
    _ job: Job, mayStayOpen: Bool = false, on shard: isolated Shard, ended: @escaping (JobEnd) -> Void
  ) {
    if state == .quiet { state = .running }
    connection.sendCommitted(job, mayStayOpen: mayStayOpen, now: Shard.now, on: shard) { end in
      if self.state == .running { self.state = .quiet }
      ended(end)
    }
  }

  /// Gives the connection back. If a transaction is open, the pool closes the connection, which rolls it back.
  package func release(on shard: isolated Shard) {
    switch state {
    case .quiet, .running:
      state = .released
      pool.release(id, on: shard)
    case .stopping: state = .stoppingReleased
    case .stoppingReleased, .released: break
    }
  }

  /// Stops what runs, because nobody waits for it; between two statements there is nothing to stop.
  package func abandon(on shard: isolated Shard) {
    guard state == .running, let utility = pool.utility else { return }
    state = .stopping
    var parameters = Parameters()
    parameters.add(connection.backend)
    utility.submit(Job(read: [Bound(Lease.cancel, parameters)]) { _ in self.stopped(on: shard) }, on: shard)
  }

  private func stopped(on shard: isolated Shard) {
    let wasReleased = state == .stoppingReleased
    state = wasReleased ? .released : .quiet
    if wasReleased { pool.release(id, on: shard) }
  }

  private static let cancel = Statement("SELECT pg_catalog.pg_cancel_backend($1)", [PostgresType.int4.rawValue])
}
