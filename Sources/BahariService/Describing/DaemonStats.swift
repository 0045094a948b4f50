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
