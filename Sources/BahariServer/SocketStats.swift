/// Counters for the client sockets of one shard, since the shard was started.
package struct SocketStats: Sendable {
  /// The number of clients that are connected now.
  package let connections: Int
  /// The counters, keyed by their field names in the message `SocketStats` of stats.proto.
  package let numbers: [String: Int]
}
