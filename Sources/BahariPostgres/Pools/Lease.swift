import BahariShard

/// A pool's connection while one user has it alone.
package final class Lease {
  private enum State {
    /// No statement runs. Next: `running`, `released`.
    case quiet
    /// Statements run. Next: `quiet` when they end, `stopping`, `released`.
    case running
    /// PostgreSQL was asked to stop the statement that runs. Until it has answered, the pool gives the connection to no
    /// other user, whose statement could be stopped instead. Next: `quiet`, or `stoppingReleased` when the user
    /// releases the lease first.
    case stopping
    /// The user has released the lease, and the request to stop its statement is in flight. Next: `released` when
    /// PostgreSQL has answered that request.
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

  /// Runs statements under one Sync, so that all of them or none are applied. Inside an open transaction they are part
  /// of it.
  package func run(_ statements: [Bound], on shard: isolated Shard) async throws(PostgresFailure) -> [Rows] {
    let end = await withCheckedContinuation { continuation in
      run(Job(write: statements) { _ in }, mayStayOpen: true, on: shard) { continuation.resume(returning: Box($0)) }
    }
    return try end.content.answer.get()
  }

  /// Sends COMMIT and returns once PostgreSQL has committed the open transaction. Throws `.refused` if PostgreSQL has
  /// rolled it back instead, and `.lost` if no answer arrived, so that the transaction may be committed.
  package func commit(on shard: isolated Shard) async throws(PostgresFailure) {
    let end = try await run([Lease.commit], on: shard)
    // PostgreSQL answers COMMIT without an error, but with another tag, when it ends a transaction that had failed.
    guard end[0].commandTag == "COMMIT" else {
      throw .refused(PostgresError(SQLState("40000"), "the transaction had failed and was rolled back"))
    }
  }

  /// Runs a job and commits it; inside an open transaction, with `mayStayOpen`, a later statement commits it instead.
  /// `ended` receives the end of the attempt; the job is not finished here.
  func run(
    _ job: Job, mayStayOpen: Bool = false, on shard: isolated Shard, ended: @escaping (JobEnd) -> Void
  ) {
    if state == .quiet { state = .running }
    connection.sendCommitted(job, mayStayOpen: mayStayOpen, now: Shard.now, on: shard) { end in
      if self.state == .running { self.state = .quiet }
      ended(end)
    }
  }

  /// Gives the connection back to the pool. If a transaction is open, the pool closes the connection, which rolls the
  /// transaction back.
  package func release(on shard: isolated Shard) {
    switch state {
    case .quiet, .running:
      state = .released
      pool.release(id, on: shard)
    case .stopping: state = .stoppingReleased
    case .stoppingReleased, .released: break
    }
  }

  /// Asks PostgreSQL to stop the statement that runs, because no caller waits for it. Does nothing if none runs.
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

  private static let commit = Bound(Statement("COMMIT"))
  private static let cancel = Statement("SELECT pg_catalog.pg_cancel_backend($1)", [PostgresType.int4.rawValue])
}
