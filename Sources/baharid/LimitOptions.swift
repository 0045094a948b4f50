import ArgumentParser
import BahariPostgres
import BahariServer
import BahariService

/// Every limit that an operator may set, in one place. What each is for stands with its default, in
/// ServerLimits, ServiceLimits, DatabaseLimits and LaneLimits.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Clients at a time; the next is closed at once.", valueName: "n"))
  var maxConnections = ServerLimits().connections

  @Option(help: ArgumentHelp("Calls in flight per client; the next is refused.", valueName: "n"))
  var maxCalls = ServerLimits().callsInFlight

  @Option(help: ArgumentHelp("Calls that may wait for PostgreSQL per lane; the next is refused.", valueName: "n"))
  var queue = LaneLimits().queue

  @Option(help: ArgumentHelp("A frame that has begun must be complete after so long.", valueName: "seconds"))
  var frameTime = seconds(ServerLimits().frameNanoseconds)

  @Option(help: ArgumentHelp("Clients without calls are cut after so long; 0 for never.", valueName: "seconds"))
  var idleTime = seconds(ServerLimits().idleNanoseconds)

  @Option(help: ArgumentHelp("Clients that take no answer for so long are cut.", valueName: "seconds"))
  var writeStallTime = seconds(ServerLimits().writeStallNanoseconds)

  @Option(help: ArgumentHelp("Clients are cut that leave more than so much unread.", valueName: "MiB"))
  var maxUnread = ServerLimits().outMaximumBytes / 1_048_576

  @Option(help: ArgumentHelp("Calls in flight may take so long once the daemon is told to stop.", valueName: "seconds"))
  var drainTime = seconds(ServerLimits().drainNanoseconds)

  @Option(help: ArgumentHelp("For get, create, update, delete without a deadline of their own.", valueName: "seconds"))
  var pointDeadline = seconds(Deadlines().pointNanoseconds)

  @Option(help: ArgumentHelp("For lists without a deadline of their own.", valueName: "seconds"))
  var listDeadline = seconds(Deadlines().listNanoseconds)

  @Option(help: ArgumentHelp("For batches and exports without a deadline of their own.", valueName: "seconds"))
  var batchDeadline = seconds(Deadlines().batchNanoseconds)

  @Option(help: ArgumentHelp("PostgreSQL connections of a shard for long lists, and for batches.", valueName: "n"))
  var poolSize = PoolLimits().size

  @Option(
    help: ArgumentHelp(
      "Groups of statements on the way per lane. 1: one statement at a time, for poolers that cannot pipeline.",
      valueName: "n"))
  var pipelineDepth = LaneLimits().fullGroups

  @Flag(inversion: .prefixedNo, help: "Let calls that wait together share statements and commits.")
  var batching = true

  @Option(help: ArgumentHelp("Prepared statements kept per PostgreSQL connection.", valueName: "n"))
  var statementCache = DatabaseLimits().statements

  func validate() throws {
    try LimitOptions.check("--max-connections", maxConnections, 1...1_000_000)
    try LimitOptions.check("--max-calls", maxCalls, 1...65_536)
    try LimitOptions.check("--max-unread", maxUnread, 8...65_536)
    try LimitOptions.check("--queue", queue, 1...1_000_000)
    try LimitOptions.check("--pool-size", poolSize, 1...256)
    try LimitOptions.check("--pipeline-depth", pipelineDepth, 1...512)
    try LimitOptions.check("--statement-cache", statementCache, 8...10_000)
    for (name, value) in [
      ("--frame-time", frameTime), ("--write-stall-time", writeStallTime), ("--drain-time", drainTime),
      ("--point-deadline", pointDeadline), ("--list-deadline", listDeadline), ("--batch-deadline", batchDeadline),
    ] { try LimitOptions.check(name, value, 0.001...3_600) }
    try LimitOptions.check("--idle-time", idleTime, 0...86_400)
  }

  private static func check<Number: Comparable>(_ name: String, _ value: Number, _ range: ClosedRange<Number>) throws {
    guard range.contains(value) else {
      throw ValidationError("\(name) is \(value) and must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  private static func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }

  private static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(seconds * 1e9) }

  // MARK: What they mean

  var server: ServerLimits {
    var limits = ServerLimits()
    limits.connections = maxConnections
    limits.callsInFlight = maxCalls
    limits.frameNanoseconds = LimitOptions.nanoseconds(frameTime)
    limits.idleNanoseconds = LimitOptions.nanoseconds(idleTime)
    limits.writeStallNanoseconds = LimitOptions.nanoseconds(writeStallTime)
    limits.outMaximumBytes = maxUnread * 1_048_576
    limits.drainNanoseconds = LimitOptions.nanoseconds(drainTime)
    return limits
  }

  var deadlines: Deadlines {
    var deadlines = Deadlines()
    deadlines.pointNanoseconds = LimitOptions.nanoseconds(pointDeadline)
    deadlines.listNanoseconds = LimitOptions.nanoseconds(listDeadline)
    deadlines.batchNanoseconds = LimitOptions.nanoseconds(batchDeadline)
    return deadlines
  }

  var database: DatabaseLimits {
    var limits = DatabaseLimits()
    if pipelineDepth == 1 {
      limits.lane = .unpipelined
    } else if !batching {
      limits.lane = .unbatched
    } else {
      limits.lane.fullGroups = pipelineDepth
      limits.lane.groups = min(limits.lane.groups, pipelineDepth)
    }
    limits.lane.queue = queue
    limits.scans.size = poolSize
    limits.transactions.size = poolSize
    limits.statements = statementCache
    return limits
  }
}
