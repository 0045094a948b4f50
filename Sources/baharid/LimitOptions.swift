import ArgumentParser
import BahariPostgres
import BahariServer
import BahariService

/// Every limit that an operator may set. Defaults and reasons are documented in ServerLimits, ServiceLimits,
/// DatabaseLimits and LaneLimits.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Most clients at a time; further ones are disconnected.", valueName: "n"))
  var maxConnections = ServerLimits().connections

  @Option(help: ArgumentHelp("Most calls in flight per client; further ones are refused.", valueName: "n"))
  var maxCalls = ServerLimits().callsInFlight

  @Option(help: ArgumentHelp("Most calls that wait for PostgreSQL per lane; further ones are refused.", valueName: "n"))
  var queue = LaneLimits().queue

  @Option(help: ArgumentHelp("Time for the rest of a frame once its first byte is read.", valueName: "seconds"))
  var frameTime = seconds(ServerLimits().frameNanoseconds)

  @Option(help: ArgumentHelp("Disconnect clients without calls after this time; 0: never.", valueName: "seconds"))
  var idleTime = seconds(ServerLimits().idleNanoseconds)

  @Option(help: ArgumentHelp("Disconnect clients that read no answer for this time.", valueName: "seconds"))
  var writeStallTime = seconds(ServerLimits().writeStallNanoseconds)

  @Option(help: ArgumentHelp("Disconnect clients that leave more than this unread.", valueName: "MiB"))
  var maxUnread = ServerLimits().outMaximumBytes / 1_048_576

  @Option(help: ArgumentHelp("Time for calls in flight when the daemon stops.", valueName: "seconds"))
  var drainTime = seconds(ServerLimits().drainNanoseconds)

  @Option(help: ArgumentHelp("Deadline of get, create, update, delete if the call sets none.", valueName: "seconds"))
  var pointDeadline = seconds(Deadlines().pointNanoseconds)

  @Option(help: ArgumentHelp("Deadline of lists if the call sets none.", valueName: "seconds"))
  var listDeadline = seconds(Deadlines().listNanoseconds)

  @Option(help: ArgumentHelp("Deadline of batches and exports if the call sets none.", valueName: "seconds"))
  var batchDeadline = seconds(Deadlines().batchNanoseconds)

  @Option(
    help: ArgumentHelp("PostgreSQL connections per shard for long lists, and as many for batches.", valueName: "n"))
  var poolSize = PoolLimits().size

  @Option(
    help: ArgumentHelp(
      "Most groups of statements in flight per lane. 1: one statement at a time, for poolers without pipelining.",
      valueName: "n"))
  var pipelineDepth = LaneLimits().fullGroups

  @Flag(inversion: .prefixedNo, help: "Calls that wait together share statements and commits.")
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

  // MARK: As the parts of the server take them

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
