/// The process at the other end of a Unix socket, as reported by the kernel.
package struct Peer: Sendable {
  package let uid: UInt32
  /// The ids of the process's primary group and its supplementary groups.
  package let groups: [UInt32]
  package let pid: Int32

  package init(uid: UInt32, groups: [UInt32], pid: Int32) {
    self.uid = uid
    self.groups = groups
    self.pid = pid
  }
}
