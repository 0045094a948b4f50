import BahariFrame
import Glibc

/// Opens a socket and connects it to the daemon's Unix socket, without blocking.
enum UnixConnect {
  enum Answer {
    case connected(Int32)
    /// The daemon could not accept the connection now, usually because its queue of new connections is full. A retry a
    /// little later may succeed.
    case busy
  }

  static func open(_ path: String) throws(BahariError) -> Answer {
    guard let address = UnixAddress(path) else {
      throw BahariError(
        .invalidArgument,
        "the socket path \"\(path)\" has \(path.utf8.count) bytes; a Unix socket's path has 1 to "
          + "\(UnixAddress.longestPath)")
    }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else {
      throw BahariError(.resourceExhausted, "no socket for \(path): \(text(ofError: errno))")
    }
    guard address.connect(descriptor) != 0 else { return .connected(descriptor) }
    let cause = errno
    close(descriptor)
    if cause == EAGAIN || cause == EINTR { return .busy }
    throw refusal(path, cause)
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
