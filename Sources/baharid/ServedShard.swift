import BahariServer
import BahariService
import BahariShard

/// Functions with which the daemon calls a shard's service from outside of the shard.
extension ShardServer<Service> {
  /// Connects the service to PostgreSQL and keeps it connected. `stats` returns the counters of all shards together.
  func open(stats: @escaping StatsSource) {
    enter { service, shard in service.open(stats: stats, on: shard) }
  }

  /// Starts serving the tables; returns once PostgreSQL is connected.
  func serve(_ resources: Resources) async {
    await withCheckedContinuation { ready in
      enter { service, _ in
        service.serve(resources)
        service.whenConnected { ready.resume() }
      }
    }
  }

  /// This shard's counters since its start.
  func stats() async -> ShardStats {
    await withCheckedContinuation { done in
      enter { service, shard in
        var stats = service.stats
        let sockets = self.socketStats(on: shard)
        stats.connections = sockets.connections
        stats.sockets = Counts("sockets", sockets.numbers)
        done.resume(returning: stats)
      }
    }
  }
}

extension DaemonStats {
  /// Adds up the counters of all shards. `started` is the time of the daemon's start in nanoseconds, as in `Shard.now`.
  static func gather(from servers: [ShardServer<Service>], started: UInt64) async -> DaemonStats {
    var total = ShardStats()
    for server in servers { total.add(await server.stats()) }
    return DaemonStats(
      version: Baharid.version, uptimeSeconds: Int((Shard.now - started) / 1_000_000_000), shards: servers.count,
      residentBytes: Memory.resident, total: total)
  }
}
