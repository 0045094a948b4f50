/// Who is at the other end of the socket, as the kernel says.
package struct Peer: Sendable {
  package let uid: UInt32
  /// The primary group and all others.
  package let groups: [UInt32]
  package let pid: Int32

  package init(uid: UInt32, groups: [UInt32], pid: Int32) {
    self.uid = uid
    self.groups = groups
    self.pid = pid
  }
}

/// Who may do what: root and the daemon's own user everything, members of the writers' group too, and anyone else
/// who can open the socket may read.
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
