import BahariPostgres
import BahariShard

/// How a shard uses PostgreSQL: how many connections, and how long a statement may take there.
package struct DatabaseLimits: Sendable {
  package var lane = LaneLimits()
  /// Prepared statements kept per connection; the one used least recently goes first.
  package var statements = 256
  package var scans = PoolLimits()
  package var transactions = PoolLimits()
  /// Point statements take microseconds; one that takes longer stands in everyone's way, as the lane is shared.
  package var pointStatementMilliseconds = 5_000
  /// Waiting for a lock on a lane holds up whoever comes behind; who meets one goes on to a connection of its own.
  package var pointLockMilliseconds = 20
  package var scanStatementMilliseconds = 60_000
  /// A list that takes longer leaves the lane to the others.
  package var quickScanMilliseconds = 20
  /// Beyond the longest default deadline, so that it is the caller's that counts.
  package var transactionStatementMilliseconds = 900_000
  /// A transaction whose shard has forgotten it must not hold its locks for ever.
  package var idleTransactionMilliseconds = 60_000

  /// What PostgreSQL's planner is told: that reading here and there costs hardly more than reading on, as is true of
  /// memory and of disks without arms. By its default of 4, lists that an index serves read whole tables instead.
  package var planner = ["random_page_cost": "1.1"]

  package init() {}
}
