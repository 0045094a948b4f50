import Glibc

/// An open file descriptor, closed with the last reference to it.
///
/// Every source holds its descriptor until the poller has removed the number, so that events of a closed descriptor
/// are never delivered to another one that got the same number.
package final class OwnedFileDescriptor: Sendable {
  package let raw: Int32

  /// Owns `raw` from now on.
  package init(_ raw: Int32) { self.raw = raw }

  /// A copy with a number of its own, or nil when the process has no numbers left.
  package convenience init?(copying raw: Int32) {
    let copy = fcntl(raw, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { return nil }
    self.init(copy)
  }

  deinit { close(raw) }
}
