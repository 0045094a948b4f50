import BahariPostgres

/// How a shard uses PostgreSQL: how many connections, and how long statements may take.
package struct DatabaseLimits: Sendable {
  package var lane = LaneLimits()
  /// Prepared statements kept per connection; beyond that the least recently used one is dropped.
  package var statements = 256
  package var scans = PoolLimits()
  package var transactions = PoolLimits()
  /// Point statements take microseconds. One that takes long delays all others, because the lane is shared.
  package var pointStatementMilliseconds = 5_000
  /// A statement that waits for a lock on a lane delays all behind it; after this time it moves to a connection of its
  /// own.
  package var pointLockMilliseconds = 20
  package var scanStatementMilliseconds = 60_000
  /// A list that takes longer moves from the lane to a connection of its own.
  package var quickScanMilliseconds = 20
  /// Longer than the longest default deadline, so that the caller's deadline decides.
  package var transactionStatementMilliseconds = 900_000
  /// Ends a transaction that no longer gets statements, so that it does not hold its locks for ever.
  package var idleTransactionMilliseconds = 60_000

  /// Settings for PostgreSQL's planner: random reads cost hardly more than sequential ones, as in memory and on SSDs.
  /// With the default of 4, lists that an index can serve read whole tables instead.
  package var planner = ["random_page_cost": "1.1"]

  package init() {}
}
