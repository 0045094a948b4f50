import Glibc

/// The address of a Unix socket.
package struct UnixAddress {
  /// The longest path in bytes. The kernel's array for the path has 108 bytes, and the last must be NUL.
  package static let longestPath = 107

  private var address = sockaddr_un()

  /// Returns nil when `path` is empty, longer than `longestPath` bytes, or contains a NUL.
  package init?(_ path: String) {
    let bytes = Array(path.utf8)
    guard (1...UnixAddress.longestPath).contains(bytes.count), !bytes.contains(0) else { return nil }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
  }

  /// Connects a socket to this address. Returns 0, or -1 with the cause in `errno`.
  package func connect(_ descriptor: Int32) -> Int32 { withPointer { Glibc.connect(descriptor, $0, $1) } }

  /// Binds a socket to this address. Returns 0, or -1 with the cause in `errno`.
  package func bind(_ descriptor: Int32) -> Int32 { withPointer { Glibc.bind(descriptor, $0, $1) } }

  private func withPointer(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
