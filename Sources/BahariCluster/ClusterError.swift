import Foundation

/// The reason why a private cluster cannot be used. The description includes advice for the operator.
package enum ClusterError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No PostgreSQL server is installed that is new enough. `tooOld` lists the folders of servers before version 15.
  case serverMissing(searched: [String], tooOld: [String])
  /// `pg_dump` and `pg_restore` for a server of this version are not installed. `tooOld` lists the folders of older
  /// ones.
  case programsMissing(version: Int, tooOld: [String], searched: [String])
  /// The folder's path has characters that PostgreSQL's programs cannot handle.
  case unusablePath(String)
  case socketPathTooLong(String, bytes: Int)
  /// Another process uses the cluster. `by` is its process id, or nil if the kernel does not report it.
  case inUse(String, by: pid_t?)
  /// The folder belongs to another account and is not empty.
  case notOurs(String, account: String)
  case cannotEnter(String, account: String)
  /// The cluster's data have a version of PostgreSQL that is not installed.
  case versionMismatch(String, data: String, installed: [String])
  /// The server runs, but did not become ready or end within this number of seconds.
  case notReady(String, seconds: Int)
  /// The caller was cancelled while it waited for the server in this folder.
  case cancelled(String)
  case noAccount([String])
  case system(String, path: String, code: Int32)
  /// A program that was run for the cluster failed. `lines` has the last lines of its output.
  case tool(String, lines: String)
  /// A program was killed because it ran longer than its limit.
  case tooLong(String, seconds: Int)

  package var description: String {
    switch self {
    case .serverMissing(let searched, let tooOld):
      "no PostgreSQL server of version \(ServerBinaries.oldest) or newer in \(searched.joined(separator: ", "))"
        + (tooOld.isEmpty ? "" : " (too old: \(tooOld.joined(separator: ", ")))")
        + ": apt-get install postgresql, or name a database with --database"
    case .programsMissing(let version, let tooOld, let searched):
      "no pg_dump and pg_restore of version \(version) or newer in \(searched.joined(separator: ", "))"
        + (tooOld.isEmpty ? "" : " (too old: \(tooOld.joined(separator: ", ")))")
        + ": apt-get install postgresql-client-\(version)"
    case .unusablePath(let path):
      "the folder \(path.debugDescription) has a quote, $, backtick, backslash or control character in its path:"
        + " name another folder"
    case .socketPathTooLong(let path, let bytes):
      "the socket \(path) would have a path of \(bytes) bytes, and \(Layout.longestSocketPath) is the most a"
        + " Unix socket can have: name a folder with a shorter path"
    case .inUse(let folder, let process):
      "the cluster in \(folder) is used by \(process.map { "process \($0)" } ?? "another process"):"
        + " stop that one, or name another folder"
    case .notOurs(let folder, let account):
      "the folder \(folder) is not empty and does not belong to \(account), who runs PostgreSQL:"
        + " name an empty folder, or give it to \(account)"
    case .cannotEnter(let folder, let account):
      "\(account), who runs PostgreSQL, cannot enter \(folder): chmod o+x \(folder), or name another folder"
    case .versionMismatch(let folder, let data, let installed):
      "the cluster in \(folder) has data of PostgreSQL \(data), and installed is \(installed.joined(separator: ", ")):"
        + " apt-get install postgresql-\(data), or dump it there and load it into a new folder"
    case .notReady(let folder, let seconds):
      "the cluster in \(folder) runs but was not ready within \(seconds) s: see its log, \(Layout(folder).log)"
    case .cancelled(let folder):
      "waiting for the cluster in \(folder) was cancelled: start again to adopt it"
    case .noAccount(let names):
      "PostgreSQL refuses to run as root, and there is no account \(names.joined(separator: " or ")):"
        + " create one, or start as another user"
    case .system(let action, let path, let code):
      "cannot \(action) \(path): \(String(cString: strerror(code)))"
    case .tool(let name, let lines):
      "\(name) failed: \(lines)"
    case .tooLong(let name, let seconds):
      "\(name) was killed after its limit of \(seconds) s: allow more, or find out what it waits for"
    }
  }
}
