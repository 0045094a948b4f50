import Glibc

/// An open file descriptor, which is closed when the last reference to this object is released.
///
/// Every source holds its descriptor until the poller has removed the descriptor's number. Otherwise events of a closed
/// descriptor could be delivered to a new one with the same number.
package final class OwnedFileDescriptor: Sendable {
  package let raw: Int32

  /// Takes ownership of the descriptor `raw`.
  package init(_ raw: Int32) { self.raw = raw }

  /// Makes a copy of the descriptor `raw` under a new number; nil if the process cannot open more descriptors.
  package convenience init?(copying raw: Int32) {
    let copy = fcntl(raw, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { return nil }
    self.init(copy)
  }

  deinit { close(raw) }
}
