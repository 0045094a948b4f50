import BahariPostgres
import BahariShard

/// What a shard has done, and what it has in hand; several shards' are added up.
package struct ShardStats: Sendable {
  /// By their place in the table of methods, which is the same on every shard.
  package private(set) var methods: [MethodStats] = []
  package private(set) var lanes: [Counts] = []
  package private(set) var pools: [Counts] = []
  /// Of the clients' sockets; told by who has them.
  package var sockets = Counts("sockets")
  /// Clients connected now.
  package var connections = 0

  /// Of no shard.
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

/// Numbers of one part, by the names that stats.proto gives them.
package struct Counts: Sendable, Equatable {
  package let name: String
  package private(set) var numbers: [String: Int]

  package init(_ name: String, _ numbers: [String: Int] = [:]) {
    self.name = name
    self.numbers = numbers
  }

  package mutating func add(_ other: Counts) { numbers.merge(other.numbers, uniquingKeysWith: +) }
}

/// What all shards have done together, and what the process is.
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

/// Asks every shard for its stats and adds them up.
package typealias StatsSource = @Sendable () async -> DaemonStats

extension Database {
  var laneStats: [Counts] {
    [reads, writes, quickScans].map { Counts($0) }
  }

  var poolStats: [Counts] {
    [scans, transactions, blocked].map { Counts($0) }
  }
}

extension Counts {
  fileprivate init(_ lane: Lane) {
    let (counters, load) = (lane.counters, lane.load)
    self.init(
      lane.name,
      [
        "connected": lane.isUp ? 1 : 0, "syncs": counters.syncs, "statements": counters.statements,
        "jobs": counters.jobs, "keys": counters.weight, "repeats": counters.repeats, "moves": counters.moves,
        "refusals": counters.refusals, "losses": counters.losses, "waiting": load.waiting, "in_flight": load.groups,
      ])
  }

  fileprivate init(_ pool: Pool) {
    let counts = pool.counts
    self.init(
      pool.name,
      [
        "connecting": counts.connecting, "idle": counts.idle, "leased": counts.leased, "waiting": counts.waiting,
      ])
  }
}
