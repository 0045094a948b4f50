import BahariCall
import BahariShard

/// Serves accepted sockets. The listener gives each socket to the host with the fewest connections.
package protocol ConnectionHost: Sendable {
  /// The number of client connections, including those that the shard has not opened yet. Read from any thread.
  var connectionCount: Int { get }
  /// Takes over an accepted socket. Called from any thread.
  func adopt(_ descriptor: OwnedFileDescriptor, _ peer: Peer)
}
