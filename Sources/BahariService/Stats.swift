import BahariPostgres
import BahariShard

/// The counters of one shard, or the sum of several shards' counters.
package struct ShardStats: Sendable {
  /// One entry per method, in the order of the table of methods, which is the same on every shard.
  package private(set) var methods: [MethodStats] = []
  package private(set) var lanes: [Counts] = []
  package private(set) var pools: [Counts] = []
  /// The counters of client connections, which BahariServer fills in.
  package var sockets = Counts("sockets")
  /// Clients connected now.
  package var connections = 0

  /// Empty counters, to which those of shards are added.
  package init() {}

  package init(methods: [MethodStats], lanes: [Counts], pools: [Counts]) {
    self.methods = methods
    self.lanes = lanes
    self.pools = pools
  }

  package mutating func add(_ other: ShardStats) {
    guard !methods.isEmpty else { return self = other }
    for index in methods.indices { methods[index].add(other.methods[index]) }
    for index in lanes.indices { lanes[index].add(other.lanes[index]) }
    for index in pools.indices { pools[index].add(other.pools[index]) }
    sockets.add(other.sockets)
    connections += other.connections
  }

  var callsInFlight: Int { methods.reduce(0) { $0 + $1.inFlight } }
}

/// The counters of one lane, pool or set of sockets, by the names of their fields in stats.proto.
package struct Counts: Sendable, Equatable {
  package let name: String
  package private(set) var numbers: [String: Int]

  package init(_ name: String, _ numbers: [String: Int] = [:]) {
    self.name = name
    self.numbers = numbers
  }

  package mutating func add(_ other: Counts) { numbers.merge(other.numbers, uniquingKeysWith: +) }
}

/// The reply of StatsService/Get: the sum of all shards' counters, and facts about the process.
package struct DaemonStats: Sendable {
  let version: String
  let uptimeSeconds: Int
  let shards: Int
  let residentBytes: Int
  let total: ShardStats

  package init(version: String, uptimeSeconds: Int, shards: Int, residentBytes: Int, total: ShardStats) {
    self.version = version
    self.uptimeSeconds = uptimeSeconds
    self.shards = shards
    self.residentBytes = residentBytes
    self.total = total
  }
}

/// A function that reads every shard's counters and returns their sum.
package typealias StatsSource = @Sendable () async -> DaemonStats

extension Database {
  var laneStats: [Counts] {
    [("reads", reads), ("writes", writes), ("quick lists", quickScans)].map { Counts($0, lane: $1) }
  }

  var poolStats: [Counts] {
    [("scans", scans), ("transactions", transactions), ("blocked", blocked)].map { Counts($0, pool: $1) }
  }
}

extension Counts {
  fileprivate init(_ name: String, lane: PointLane) {
    let (counters, load) = (lane.counters, lane.load)
    self.init(
      name,
      [
        "connected": lane.isUp ? 1 : 0, "syncs": counters.syncs, "statements": counters.statements,
        "jobs": counters.jobs, "keys": counters.weight, "repeats": counters.repeats, "moves": counters.moves,
        "refusals": counters.refusals, "losses": counters.losses, "waiting": load.waiting, "in_flight": load.groups,
      ])
  }

  fileprivate init(_ name: String, pool: Pool) {
    let counts = pool.counts
    self.init(
      name,
      [
        "connecting": counts.connecting, "idle": counts.idle, "leased": counts.leased, "waiting": counts.waiting,
      ])
  }
}
