import BahariCall
import BahariShard
import Synchronization

/// The call handler and the client connections of one shard.
///
/// `@unchecked Sendable`: all stored properties except `load` are used only on the shard's queue, which `Shard.enter`
/// ensures.
package final class ShardServer<Handler: CallHandler & SendableMetatype>: ConnectionHost, @unchecked Sendable {
  private let shard: Shard
  private let handler: Handler
  private let limits: ServerLimits
  private let scratch: ReadBuffer
  private let traffic = Traffic()
  private var connections: [ObjectIdentifier: ClientConnection] = [:]
  private let load = Atomic<Int>(0)

  package init(_ shard: Shard, _ handler: sending Handler, _ limits: ServerLimits) {
    self.shard = shard
    self.handler = handler
    self.limits = limits
    scratch = ReadBuffer(size: limits.readBytes)
  }

  package var connectionCount: Int { load.load(ordering: .relaxed) }

  /// Runs `body` on the shard, as a separate event.
  package func enter(_ body: @escaping @Sendable (Handler, isolated Shard) -> Void) {
    shard.enter { shard in body(self.handler, shard) }
  }

  package func adopt(_ descriptor: OwnedFileDescriptor, _ peer: Peer) {
    load.add(1, ordering: .relaxed)
    shard.enter { shard in
      let connection = ClientConnection(
        descriptor, peer, self.handler, self.limits, self.scratch, self.traffic
      ) { closed in
        self.connections[ObjectIdentifier(closed)] = nil
        self.load.subtract(1, ordering: .relaxed)
      }
      self.connections[ObjectIdentifier(connection)] = connection
      connection.open(on: shard)
    }
  }

  package func socketStats(on shard: isolated Shard) -> SocketStats {
    let (polls, events) = shard.eventCounts
    return SocketStats(
      connections: connections.count,
      numbers: [
        "reads": traffic.reads, "writes": traffic.writes, "frames": traffic.frames, "polls": polls, "events": events,
      ])
  }

  /// Refuses new calls, waits until calls in flight have ended and their answers are sent, then closes all connections
  /// and the handler. Waits no longer than `drainNanoseconds`.
  package func drain() async {
    await withCheckedContinuation { done in
      shard.enter { shard in
        self.handler.drain(on: shard)
        self.waitUntilQuiet(until: Shard.now + self.limits.drainNanoseconds, on: shard) { done.resume() }
      }
    }
  }

  private func waitUntilQuiet(until deadline: UInt64, on shard: isolated Shard, _ done: @escaping () -> Void) {
    // `isIdle` also checks for unread requests, so a request that the client sent before this check still gets an
    // answer.
    let isQuiet = connections.values.allSatisfy { $0.isIdle }
    guard Shard.now < deadline, !isQuiet else {
      for connection in connections.values { connection.close(on: shard) }
      handler.close(on: shard)
      return done()
    }
    _ = shard.schedule(after: 5_000_000) { self.waitUntilQuiet(until: deadline, on: shard, done) }
  }
}
