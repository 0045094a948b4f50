import BahariCall
import BahariFrame
import BahariShard
import Glibc

/// The reason why the server cannot listen, with advice for the operator.
package struct ListenError: Error, Sendable, CustomStringConvertible {
  package let description: String
}

/// The socket that clients connect to. Each accepted connection is handed to the host with the fewest connections.
package final class Listener: @unchecked Sendable {
  // `@unchecked Sendable`: `source`, the only mutable property, is used only on the listener's own shard.
  private let shard = Shard(name: "listener")
  private let descriptor: OwnedFileDescriptor
  private let lock: OwnedFileDescriptor
  private let path: String
  private let hosts: [any ConnectionHost]
  private let limits: ServerLimits
  private var source: Source?

  /// Creates the socket at `path`. Replaces a socket that an ended server left there, never the socket of a running
  /// server.
  package init(path: String, hosts: [any ConnectionHost], limits: ServerLimits) throws(ListenError) {
    lock = try Listener.lock(path)
    descriptor = try Listener.bind(path)
    self.path = path
    self.hosts = hosts
    self.limits = limits
  }

  package func open() {
    shard.enter { shard in
      self.source = .reading(self.descriptor, on: shard) { self.accept(self.limits.acceptsPerEvent, on: shard) }
      self.source?.resume()
    }
  }

  /// Removes the socket and stops accepting. Clients that have already connected are still handed to a host, so that
  /// their calls are answered.
  package func close() async {
    await withCheckedContinuation { done in
      shard.enter { shard in
        unlink(self.path)
        self.accept(.max, on: shard)
        self.source?.cancel()
        self.source = nil
        done.resume()
      }
    }
  }

  // MARK: Accepting

  private func accept(_ most: Int, on shard: isolated Shard) {
    for _ in 0..<most {
      let raw = Glibc.accept(descriptor.raw, nil, nil)
      if raw >= 0 {
        _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
        _ = fcntl(raw, F_SETFL, O_NONBLOCK)
        hand(OwnedFileDescriptor(raw))
      } else if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS {
        return pause(on: shard)
      } else if errno != EINTR && errno != ECONNABORTED {
        return
      }
    }
  }

  private func hand(_ descriptor: OwnedFileDescriptor) {
    guard hosts.map(\.connectionCount).reduce(0, +) < limits.connections, let peer = Listener.peer(of: descriptor)
    else { return }
    hosts.min { $0.connectionCount < $1.connectionCount }?.adopt(descriptor, peer)
  }

  /// Stops accepting for a while. The socket stays readable while clients wait to be accepted, so without the pause its
  /// source would fire continuously.
  private func pause(on shard: isolated Shard) {
    source?.suspend()
    _ = shard.schedule(after: limits.acceptPauseNanoseconds) { self.source?.resume() }
  }

  private static func peer(of descriptor: OwnedFileDescriptor) -> Peer? {
    // The fields of the kernel's struct ucred, which Swift's module Glibc does not declare.
    var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
    var size = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(descriptor.raw, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
    return Peer(uid: credentials.uid, groups: groups(of: descriptor) + [credentials.gid], pid: credentials.pid)
  }

  /// The peer's supplementary groups, read with the socket option SO_PEERGROUPS, which Swift's module Glibc does not
  /// declare.
  private static func groups(of descriptor: OwnedFileDescriptor) -> [UInt32] {
    let peerGroups: Int32 = 59
    var groups = [UInt32](repeating: 0, count: 64)
    while true {
      var size = socklen_t(groups.count * MemoryLayout<UInt32>.size)
      if getsockopt(descriptor.raw, SOL_SOCKET, peerGroups, &groups, &size) == 0 {
        return Array(groups.prefix(Int(size) / MemoryLayout<UInt32>.size))
      }
      guard errno == ERANGE, groups.count < 65_536 else { return [] }
      groups = Array(repeating: 0, count: groups.count * 4)
    }
  }

  // MARK: Binding

  /// Locks a file beside the socket, so that only one daemon can serve this path. The kernel releases the lock when the
  /// process ends, even after a crash.
  private static func lock(_ path: String) throws(ListenError) -> OwnedFileDescriptor {
    let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    var info = stat()
    guard stat(directory.isEmpty ? "/" : directory, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
      throw ListenError(description: "\(directory), the directory of the socket, does not exist; create it")
    }
    let raw = Glibc.open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard raw >= 0 else { throw ListenError(description: "\(path).lock cannot be created: \(reason())") }
    let descriptor = OwnedFileDescriptor(raw)
    guard flock(raw, LOCK_EX | LOCK_NB) == 0 else {
      throw ListenError(description: "another daemon serves \(path); stop it, or choose another path with --socket")
    }
    return descriptor
  }

  private static func bind(_ path: String) throws(ListenError) -> OwnedFileDescriptor {
    guard let address = UnixAddress(path) else {
      throw ListenError(
        description: "\(path) has \(path.utf8.count) bytes; a socket's path has 1 to \(UnixAddress.longestPath)")
    }
    try refuseForeign(path)
    let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard raw >= 0 else { throw ListenError(description: "no socket can be created: \(reason())") }
    let descriptor = OwnedFileDescriptor(raw)
    unlink(path)
    // Only the socket's owner and group may connect, from the socket's creation on. Linux creates the file with the
    // mode set by fchmod, minus the umask. The umask may remove the group's permission, which chmod restores. Changing
    // the umask instead would affect files that other threads create at the same time.
    guard fchmod(raw, 0o660) == 0, address.bind(raw) == 0, chmod(path, 0o660) == 0, listen(raw, 1024) == 0 else {
      throw ListenError(description: "\(path) cannot be listened on: \(reason())")
    }
    return descriptor
  }

  /// Throws if the path has a file that is not a socket, or a socket on which another program listens.
  private static func refuseForeign(_ path: String) throws(ListenError) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFSOCK else {
      throw ListenError(description: "\(path) exists and is no socket; move it, or choose another path with --socket")
    }
    guard let address = UnixAddress(path) else { return }
    let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard raw >= 0 else { return }
    let probe = OwnedFileDescriptor(raw)
    guard address.connect(probe.raw) != 0, errno == ECONNREFUSED else {
      throw ListenError(
        description: "another program answers on \(path); stop it, or choose another path with --socket")
    }
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
