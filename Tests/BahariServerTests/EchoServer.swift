import BahariCall
import BahariFrame
import BahariShard
import Glibc
import TestSupport

@testable import BahariServer

/// A shard that serves `EchoHandler` to clients over socket pairs.
final class EchoServer: Sendable {
  let server: ShardServer<EchoHandler>
  let events = Inbox<EchoHandler.Event>()

  /// - Parameter set: Changes the limits, which are the daemon's otherwise.
  init(_ set: (inout ServerLimits) -> Void = { _ in }) {
    var limits = ServerLimits()
    set(&limits)
    server = ShardServer(Shard(name: "echo"), EchoHandler(events), limits)
  }

  /// - Parameter bytes: Sent before the server has the socket.
  func connect(sending bytes: [UInt8] = []) throws -> Client {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Trouble("no socket pair: errno \(errno)") }
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    let client = Client(ends[0])
    try client.send(bytes)
    server.adopt(OwnedFileDescriptor(ends[1]), Peer(uid: 0, groups: [0], pid: 0))
    return client
  }

  /// Lets the call of method `Hold` on `stream` reply.
  func release(_ stream: UInt32) {
    server.enter { handler, shard in handler.held.removeValue(forKey: stream)?.release(on: shard) }
  }

  func stats() async -> SocketStats {
    await withCheckedContinuation { done in
      server.enter { _, shard in done.resume(returning: self.server.socketStats(on: shard)) }
    }
  }

  /// Fails unless this is what happens next, as far as the handler sees it.
  func expect(_ event: EchoHandler.Event) async throws {
    let next = try await events.next()
    guard next == event else { throw Trouble("\(event) was expected and \(next) happened") }
  }
}

struct Trouble: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
