import BahariPostgres

/// How a shard uses PostgreSQL: how many connections, and how long statements may take.
package struct DatabaseLimits: Sendable {
  package var lane = LaneLimits()
  /// Prepared statements kept per connection; beyond that the least recently used one is dropped.
  package var statements = 256
  package var scans = PoolLimits()
  package var transactions = PoolLimits()
  /// The statement_timeout for point reads and writes. They usually take microseconds; one that takes long delays all
  /// others, because they share a lane.
  package var pointStatementMilliseconds = 5_000
  /// The lock_timeout for point reads and writes. One that waits for a lock delays all statements behind it on the
  /// lane; after this time it moves to a pool connection.
  package var pointLockMilliseconds = 20
  package var scanStatementMilliseconds = 60_000
  /// The statement_timeout on the lane for quick lists. A list that takes longer moves to a pool connection.
  package var quickScanMilliseconds = 20
  /// The statement_timeout for batches and exports. It is longer than their default deadline, so that normally the
  /// call's deadline ends them first.
  package var transactionStatementMilliseconds = 900_000
  /// PostgreSQL ends a transaction that gets no statement for this long, so that it does not hold its locks for ever.
  package var idleTransactionMilliseconds = 60_000

  /// Settings for PostgreSQL's planner. In memory and on SSDs, random reads cost hardly more than sequential ones. With
  /// PostgreSQL's default of 4, lists that could use an index would read whole tables.
  package var planner = ["random_page_cost": "1.1"]

  package init() {}
}
