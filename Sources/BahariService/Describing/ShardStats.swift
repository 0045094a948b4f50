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
