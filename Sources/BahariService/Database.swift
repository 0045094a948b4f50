import BahariPostgres
import BahariShard

/// The lanes and pools of a shard.
package struct Database {
  /// Short reads of many callers; they share Syncs.
  let reads: PointLane
  /// Short writes, each with a Sync of its own.
  let writes: PointLane
  /// For lists that have proved quick, which share it; the others go to `scans`.
  let quickScans: PointLane
  /// For what may take long: nothing short waits behind it.
  let scans: Pool
  /// Sends lists to one of the two.
  let lists: ScanRouter
  /// For batches and exports, which keep a connection for long.
  let transactions: Pool
  /// For point statements that met a lock; a pool of their own, so that a locked table takes no list's place.
  let blocked: Pool

  /// `conninfo` as libpq takes it.
  package init(_ conninfo: String, limits: DatabaseLimits = DatabaseLimits(), log: @escaping @Sendable (String) -> Void)
  {
    func options(_ settings: [String: Int]) -> ConnectionOptions {
      var options = ConnectionOptions(conninfo: conninfo)
      options.settings = limits.planner.merging(settings.mapValues { String($0) }) { $1 }
      options.statementCapacity = limits.statements
      return options
    }
    var point = options([
      "statement_timeout": limits.pointStatementMilliseconds, "lock_timeout": limits.pointLockMilliseconds,
    ])
    // Point statements find rows by unique keys: planning each anew for its values would cost more than running it.
    point.settings["plan_cache_mode"] = "force_generic_plan"
    // A plan made while a table is empty reads it from end to end, and is kept while the table grows. There is an
    // index for all that these statements look for; compiling what has none would take longer than running it.
    point.settings["enable_seqscan"] = "off"
    point.settings["jit"] = "off"
    scans = Pool(options(["statement_timeout": limits.scanStatementMilliseconds]), limits: limits.scans, log: log)
    transactions = Pool(
      options([
        "statement_timeout": limits.transactionStatementMilliseconds,
        "idle_in_transaction_session_timeout": limits.idleTransactionMilliseconds,
      ]), limits: limits.transactions, log: log)
    quickScans = PointLane(
      options(["statement_timeout": limits.quickScanMilliseconds]), limits: limits.lane, overflow: scans, log: log)
    lists = ScanRouter(lane: quickScans, pool: scans)
    blocked = Pool(options(["statement_timeout": limits.scanStatementMilliseconds]), limits: limits.scans, log: log)
    reads = PointLane(point, limits: limits.lane, overflow: blocked, log: log)
    writes = PointLane(point, limits: limits.lane, overflow: blocked, log: log)
    for pool in [scans, transactions, blocked] { pool.utility = reads }
  }

  func open(on shard: isolated Shard) {
    reads.open(on: shard)
    writes.open(on: shard)
    quickScans.open(on: shard)
    scans.open(on: shard)
    transactions.open(on: shard)
    blocked.open(on: shard)
  }

  func close(on shard: isolated Shard) {
    reads.close(on: shard)
    writes.close(on: shard)
    quickScans.close(on: shard)
    scans.close(on: shard)
    transactions.close(on: shard)
    blocked.close(on: shard)
  }
}
