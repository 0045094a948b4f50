import BahariServer
import BahariService
import BahariShard

/// The parts of a shard's service that the daemon reaches from outside of it.
extension ShardServer<Service> {
  /// Connects to PostgreSQL and keeps connected. `stats` returns the numbers of all shards.
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

  /// The numbers of this shard so far.
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
  /// Asks one shard after the other and adds their numbers up. `started` is the daemon's start, by the shards' clock.
  static func gather(from servers: [ShardServer<Service>], started: UInt64) async -> DaemonStats {
    var total = ShardStats()
    for server in servers { total.add(await server.stats()) }
    return DaemonStats(
      version: Baharid.version, uptimeSeconds: Int((Shard.now - started) / 1_000_000_000), shards: servers.count,
      residentBytes: Memory.resident, total: total)
  }
}
