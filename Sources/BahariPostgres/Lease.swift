import BahariShard

/// A connection for one user alone.
package final class Lease {
  let connection: Connection
  private let id: PoolState.ConnectionID
  private let pool: Pool
  private var isReleased = false
  private var isRunning = false
  /// PostgreSQL is being told to stop the statement; until then the connection is nobody else's, who would be
  /// stopped in our stead.
  private var isStopping = false

  init(_ id: PoolState.ConnectionID, _ connection: Connection, _ pool: Pool) {
    self.id = id
    self.connection = connection
    self.pool = pool
  }

  /// Runs statements under one Sync: all of them or none. Inside a transaction they are part of it.
  package func run(_ statements: [Bound], on shard: isolated Shard) async throws(PostgresFailure) -> [Rows] {
    isRunning = true
    defer { isRunning = false }
    let end = await withCheckedContinuation { continuation in
      connection.runCommitted(Job(write: statements) { _ in }, on: shard) { continuation.resume(returning: Box($0)) }
    }
    switch end.content {
    case .rows(let rows): return rows
    case .refused(let error): throw .refused(error)
    case .aborted, .lost: throw .lost
    }
  }

  /// Gives the connection back. One with an open transaction is closed instead, which rolls it back.
  package func release(on shard: isolated Shard) {
    guard !isReleased else { return }
    isReleased = true
    if !isStopping { pool.release(id, on: shard) }
  }

  /// Stops what runs, since nobody waits for it; between two statements there is nothing to stop.
  package func abandon(on shard: isolated Shard) {
    if isRunning { stop(on: shard) }
  }

  func stop(on shard: isolated Shard) {
    guard !isStopping, !isReleased, let utility = pool.utility else { return }
    isStopping = true
    var parameters = Parameters()
    parameters.add(connection.backend)
    let job = Job(read: [Bound(Lease.cancel, parameters)]) { _ in
      self.isStopping = false
      if self.isReleased { self.pool.release(self.id, on: shard) }
    }
    utility.submit(job, on: shard)
  }

  private static let cancel = Statement("SELECT pg_catalog.pg_cancel_backend($1)", [PostgresType.int4.rawValue])
}

extension Connection {
  /// As `sendCommitted`, for use inside a transaction: that it is still open is no failure.
  fileprivate func runCommitted(_ job: Job, on shard: isolated Shard, ended: @escaping (JobEnd) -> Void) {
    var end = JobEnd.lost
    send(job, on: shard) { end = $0 }
    sync(on: shard) { sync in
      switch (sync, end) {
      case (.lost, .rows): ended(.lost)
      case (.refused(let error), .rows): ended(.refused(error))
      default: ended(end)
      }
    }
  }
}
