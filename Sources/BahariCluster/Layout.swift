import Foundation

/// The paths under a cluster's folder.
struct Layout: Sendable, Equatable {
  let folder: String

  init(_ folder: String) { self.folder = folder }

  var data: String { folder + "/data" }
  /// The folder that `initdb` fills. It is renamed to `data` when complete, so that an incomplete one is never used.
  var unfinished: String { folder + "/data.unfinished" }
  /// Has mode 0700: everybody who can enter it is the database's superuser.
  var socket: String { folder + "/socket" }
  var socketLock: String { "\(socket)/.s.PGSQL.\(Layout.port).lock" }
  var log: String { data + "/server.log" }
  var version: String { data + "/PG_VERSION" }
  var postmaster: String { data + "/postmaster.pid" }

  /// Only part of the socket's file name: nothing listens on TCP.
  static let port = 5432
  /// The last of sockaddr_un's 108 bytes is a NUL.
  static let longestSocketPath = 107

  /// Refuses paths that PostgreSQL or the shell of `pg_ctl` cannot handle.
  func check() throws(ClusterError) {
    let refused: Set<Character> = ["\"", "'", "$", "`", "\\"]
    let isControl = folder.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
    guard !isControl, !folder.contains(where: refused.contains) else { throw .unusablePath(folder) }
    let path = "\(socket)/.s.PGSQL.\(Layout.port)"
    guard path.utf8.count <= Layout.longestSocketPath else {
      throw .socketPathTooLong(path, bytes: path.utf8.count)
    }
  }

  /// The folder and all above it, the root first.
  var ancestors: [String] {
    var path = ""
    return ["/"]
      + folder.split(separator: "/").map { part in
        path += "/" + part
        return path
      }
  }

  /// The version of the data; nil when there are none yet.
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
