import BahariFrame
import BahariService
import BahariShard
import Synchronization

/// What a shard serves: its service and its client connections.
///
/// `@unchecked Sendable`: everything but `load` is touched only on the shard's queue, which every entry
/// checks by `assumeIsolated`.
package final class ShardServer: @unchecked Sendable {
  private let shard: Shard
  private let service: Service
  private let limits: ServerLimits
  private let scratch: ReadBuffer
  private let traffic = Traffic()
  private var connections: [ObjectIdentifier: ClientConnection] = [:]
  private let load = Atomic<Int>(0)

  package init(_ shard: Shard, _ service: sending Service, _ limits: ServerLimits) {
    self.shard = shard
    self.service = service
    self.limits = limits
    scratch = ReadBuffer(size: limits.readBytes)
  }

  /// Client connections, the ones on their way to the shard included.
  var connectionCount: Int { load.load(ordering: .relaxed) }

  /// Runs `body` on the shard, as an event of its own.
  private func onShard(_ body: @escaping @Sendable (isolated Shard) -> Void) {
    shard.enter(body)
  }

  /// Connects to PostgreSQL and keeps connected. `stats` tells of all shards.
  package func open(stats: @escaping StatsSource) { onShard { self.service.open(stats: stats, on: $0) } }

  /// Starts serving the tables; returns once PostgreSQL is connected.
  package func serve(_ resources: Resources) async {
    await withCheckedContinuation { ready in
      onShard { _ in
        self.service.serve(resources)
        self.service.whenConnected { ready.resume() }
      }
    }
  }

  /// What this shard has done so far.
  func stats() async -> ShardStats {
    await withCheckedContinuation { told in
      onShard { shard in
        var stats = self.service.stats
        let (polls, events) = shard.eventCounts
        stats.connections = self.connections.count
        stats.sockets = Counts(
          "sockets",
          [
            "reads": self.traffic.reads, "writes": self.traffic.writes, "frames": self.traffic.frames, "polls": polls,
            "events": events,
          ])
        told.resume(returning: stats)
      }
    }
  }

  /// Takes over an accepted socket.
  func adopt(_ descriptor: OwnedFileDescriptor, _ peer: Peer) {
    load.add(1, ordering: .relaxed)
    onShard { shard in
      let connection = ClientConnection(
        descriptor, peer, self.service, self.limits, self.scratch, self.traffic
      ) { closed in
        self.connections[ObjectIdentifier(closed)] = nil
        self.load.subtract(1, ordering: .relaxed)
      }
      self.connections[ObjectIdentifier(connection)] = connection
      connection.open(on: shard)
    }
  }

  /// Refuses new calls, waits for those in flight and their answers, then closes everything.
  package func drain() async {
    await withCheckedContinuation { done in
      onShard { shard in
        self.service.isDraining = true
        self.waitUntilQuiet(until: Shard.now + self.limits.drainNanoseconds, on: shard) { done.resume() }
      }
    }
  }

  private func waitUntilQuiet(until deadline: UInt64, on shard: isolated Shard, _ done: @escaping () -> Void) {
    // What was sent before the end gets its answer, even if nobody has read it yet.
    let isQuiet = connections.values.allSatisfy { $0.isQuiet && !$0.hasUnread }
    guard Shard.now < deadline, !isQuiet else {
      for connection in connections.values { connection.close(on: shard) }
      service.close(on: shard)
      return done()
    }
    _ = shard.schedule(after: 5_000_000) { self.waitUntilQuiet(until: deadline, on: shard, done) }
  }
}
