import BahariCall
import BahariShard

/// Serves accepted sockets; the listener gives each to the host with the fewest.
package protocol ConnectionHost: Sendable {
  /// Client connections, including those still to be opened on the shard. Read from any thread.
  var connectionCount: Int { get }
  /// Takes over an accepted socket. Called from any thread.
  func adopt(_ descriptor: OwnedFileDescriptor, _ peer: Peer)
}
