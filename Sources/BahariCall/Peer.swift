/// The process at the other end of a socket, as the kernel reports it.
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
