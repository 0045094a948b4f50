import BahariPostgres
import BahariShard

/// One shard's lanes and pools, which hold its connections to PostgreSQL.
package struct Database {
  /// The lane for point reads, which read a few rows by their keys. Reads of different callers share Syncs.
  let reads: Lane
  /// The lane for point writes, which write a few rows by their keys. Creates share Syncs; every other write has its
  /// own.
  let writes: Lane
  /// The lane for lists whose statement has been quick before. All other lists run on `scans`.
  let quickScans: Lane
  /// The pool for lists that may take long, so that no short statement waits behind them.
  let scans: Pool
  /// Chooses `quickScans` or `scans` for each list.
  let lists: ScanRouter
  /// The pool for batches and exports, which keep a connection for long.
  let transactions: Pool
  /// The pool for point reads and writes that waited for a lock on their lane. It is separate from `scans`, so that a
  /// locked table does not use up the connections for lists.
  let blocked: Pool

  /// `conninfo` is a connection string in the form that libpq accepts.
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
    // Point reads and writes find rows by unique keys. They use one generic plan for all values, because planning them
    // for each set of values costs more than running them.
    point.settings["plan_cache_mode"] = "force_generic_plan"
    // A plan that is made while a table is empty would scan the whole table, and would stay in use while the table
    // grows. Point reads and writes always have an index to use, so sequential scans are switched off. Compiling these
    // statements (jit) would take longer than running them.
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
