import Foundation

/// The paths under a cluster's folder.
struct Layout: Sendable, Equatable {
  let folder: String

  init(_ folder: String) { self.folder = folder }

  var data: String { folder + "/data" }
  /// The folder that `initdb` fills. It is renamed to `data` when it is complete, so that incomplete data are never
  /// used.
  var unfinished: String { folder + "/data.unfinished" }
  /// The folder of the server's Unix socket. Its mode is 0700, because every user who can enter it can connect as the
  /// database's superuser.
  var socket: String { folder + "/socket" }
  var socketLock: String { "\(socket)/.s.PGSQL.\(Layout.port).lock" }
  var log: String { data + "/server.log" }
  var version: String { data + "/PG_VERSION" }
  var postmaster: String { data + "/postmaster.pid" }

  /// The port that is part of the socket's file name. The server does not listen on TCP.
  static let port = 5432
  /// The longest path of a Unix socket in bytes: sockaddr_un has 108 bytes for it, and the last must be NUL.
  static let longestSocketPath = 107

  /// Throws if the paths are too long for a Unix socket, or have characters that PostgreSQL or the shell of `pg_ctl`
  /// cannot handle.
  func check() throws(ClusterError) {
    let refused: Set<Character> = ["\"", "'", "$", "`", "\\"]
    let isControl = folder.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
    guard !isControl, !folder.contains(where: refused.contains) else { throw .unusablePath(folder) }
    let path = "\(socket)/.s.PGSQL.\(Layout.port)"
    guard path.utf8.count <= Layout.longestSocketPath else {
      throw .socketPathTooLong(path, bytes: path.utf8.count)
    }
  }

  /// The cluster's folder and all folders above it, beginning with the root.
  var ancestors: [String] {
    var path = ""
    return ["/"]
      + folder.split(separator: "/").map { part in
        path += "/" + part
        return path
      }
  }

  /// Returns PostgreSQL's version of the cluster's data; nil if there are no data yet.
  func dataVersion() throws(ClusterError) -> String? {
    guard let file = fopen(version, "re") else {
      if errno == ENOENT { return nil }
      throw .system("read", path: version, code: errno)
    }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 32)
    guard fgets(&line, Int32(line.count), file) != nil else { return "" }
    return String(decoding: line.prefix { $0 > 0x20 }.map(UInt8.init), as: UTF8.self)
  }
}
