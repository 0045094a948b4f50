/// The work of one shard's client sockets since it was started.
package struct SocketStats: Sendable {
  /// Clients connected now.
  package let connections: Int
  /// By the names of the message `SocketStats` in stats.proto.
  package let numbers: [String: Int]
}
