import Glibc

/// Connects to a Unix socket without blocking.
enum UnixConnect {
  enum Answer {
    case connected(Int32)
    /// The daemon listens, but its queue of connections is full: try again shortly.
    case busy
  }

  static func open(_ path: String) throws(BahariError) -> Answer {
    var address = try address(of: path)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else {
      throw BahariError(.resourceExhausted, "no socket for \(path): \(text(ofError: errno))")
    }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result != 0 else { return .connected(descriptor) }
    let cause = errno
    close(descriptor)
    if cause == EAGAIN || cause == EINTR { return .busy }
    throw refusal(path, cause)
  }

  private static func address(of path: String) throws(BahariError) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let limit = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard bytes.count <= limit, !bytes.isEmpty, !bytes.contains(0) else {
      throw BahariError(
        .invalidArgument,
        "the socket path \"\(path)\" has \(bytes.count) bytes; a Unix socket's path has 1 to \(limit)")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return address
  }

  private static func refusal(_ path: String, _ cause: Int32) -> BahariError {
    switch cause {
    case ENOENT, ECONNREFUSED, ENOTDIR:
      let fact = cause == ECONNREFUSED ? "no daemon listens at the socket" : "there is no socket at"
      return BahariError(
        .unavailable,
        "\(fact) \(path): start the daemon with `baharid serve --socket \(path)`, or name another socket "
          + "with --socket or BAHARI_SOCKET")
    case EACCES, EPERM:
      return BahariError(
        .permissionDenied, "this user may not open the socket \(path): join its group, or run as its owner")
    default:
      return BahariError(.unavailable, "the socket \(path) cannot be reached: \(text(ofError: cause))")
    }
  }
}
