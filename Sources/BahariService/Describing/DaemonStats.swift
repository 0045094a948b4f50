/// The statistics that StatsService/Get returns: the sum of all shards' counters, and facts about the process.
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
