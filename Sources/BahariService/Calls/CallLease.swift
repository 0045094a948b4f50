import BahariPostgres
import BahariShard

/// Leases of pool connections, which batches and exports use.
extension Call {
  /// Leases a connection of `pool` for the call. If the call ends early, the statement that runs on the connection is
  /// stopped. Whoever leased the connection must `release` it, also after an error. Throws `.abandoned` if the call
  /// ended while it waited for the connection.
  func lease(from pool: Pool, on shard: isolated Shard) async throws(PostgresFailure) -> Lease {
    let lease = try await pool.lease(on: shard)
    guard !isEnded else {
      lease.release(on: shard)
      throw .abandoned
    }
    track(lease)
    return lease
  }

  func release(_ lease: Lease, on shard: isolated Shard) {
    track(nil)
    lease.release(on: shard)
  }
}
