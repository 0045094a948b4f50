import BahariPostgres
import BahariShard

/// How batches and exports use a connection of their own.
extension Call {
  /// Leases a connection for the call, which stops what runs on it if the call ends early. The user has to call
  /// `release` for it in any case. Throws `.abandoned` if the call ended while it waited for the connection.
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
