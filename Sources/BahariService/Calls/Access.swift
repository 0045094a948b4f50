import BahariCall

/// Which users may call which methods. Anyone who can open the socket may read; root, the daemon's own user and members
/// of the writers' group may also write.
package struct Access: Sendable {
  /// The user id that the daemon runs as.
  private let owner: UInt32
  private let writers: UInt32?

  package init(owner: UInt32, writers: UInt32? = nil) {
    self.owner = owner
    self.writers = writers
  }

  func mayWrite(_ peer: Peer) -> Bool {
    peer.uid == 0 || peer.uid == owner || writers.map(peer.groups.contains) ?? false
  }
}
