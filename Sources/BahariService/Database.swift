import BahariPostgres
import BahariShard

/// The lanes and pools of a shard.
package struct Database {
  /// Short reads of many callers; they share Syncs.
  let reads: Lane
  /// Short writes: creates share Syncs, other writes have their own.
  let writes: Lane
  /// Lists that have been quick, which share it; the others go to `scans`.
  let quickScans: Lane
  /// Lists that may take long, so that nothing short waits behind them.
  let scans: Pool
  /// Chooses between the two for each list.
  let lists: ScanRouter
  /// Batches and exports, which keep a connection for long.
  let transactions: Pool
  /// Point statements that met a lock. A pool of their own, so that a locked table does not take connections from lists.
  let blocked: Pool

  /// `conninfo` in the form that libpq accepts.
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
    // Point statements find rows by unique keys: planning them for each set of values costs more than running them.
    point.settings["plan_cache_mode"] = "force_generic_plan"
    // A plan that is made while a table is empty scans the whole table, and stays in use while the table grows. There
    // is an index for everything that these statements look for. Compiling them would take longer than running them.
    point.settings["enable_seqscan"] = "off"
    point.settings["jit"] = "off"
    let long = options(["statement_timeout": limits.scanStatementMilliseconds])
    scans = Pool("scans", long, limits: limits.scans, log: log)
    transactions = Pool(
      "transactions",
      options([
        "statement_timeout": limits.transactionStatementMilliseconds,
        "idle_in_transaction_session_timeout": limits.idleTransactionMilliseconds,
      ]), limits: limits.transactions, log: log)
    quickScans = Lane(
      "quick lists", options(["statement_timeout": limits.quickScanMilliseconds]), limits: limits.lane,
      overflow: scans, log: log)
    lists = ScanRouter(lane: quickScans, pool: scans)
    blocked = Pool("blocked", long, limits: limits.scans, log: log)
    reads = Lane("reads", point, limits: limits.lane, overflow: blocked, log: log)
    writes = Lane("writes", point, limits: limits.lane, overflow: blocked, log: log)
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
