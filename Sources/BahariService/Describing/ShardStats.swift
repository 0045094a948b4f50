import BahariPostgres
import BahariShard

/// The counters of one shard, or the sum of several shards' counters.
package struct ShardStats: Sendable {
  /// One entry per method, in the order of `MethodTable.methods`, which is the same on every shard.
  package private(set) var methods: [MethodStats] = []
  package private(set) var lanes: [Counts] = []
  package private(set) var pools: [Counts] = []
  /// The counters of client connections, which BahariServer fills in.
  package var sockets = Counts("sockets")
  /// The number of clients that are connected now.
  package var connections = 0

  /// Empty counters, to which the counters of shards are added.
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
