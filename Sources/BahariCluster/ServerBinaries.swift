import Foundation

/// The programs of one installed version of the PostgreSQL server.
package struct ServerBinaries: Sendable, Equatable {
  /// The folder that contains `initdb`, `pg_ctl` and `postgres`, and usually `psql`.
  package let folder: String
  /// PostgreSQL's major version, such as 15.
  package let version: Int

  package static let oldest = 15

  /// The folders in which installed PostgreSQL servers are looked for.
  package struct Places: Sendable {
    /// Folders to search first, separated by colons, in order of preference.
    package var path: String
    /// A folder that has a folder for each version, with the programs in `bin`, as on Debian. Newer versions are
    /// preferred.
    package var versions: String

    package init(
      path: String = ProcessInfo.processInfo.environment["PATH"] ?? "", versions: String = "/usr/lib/postgresql"
    ) {
      self.path = path
      self.versions = versions
    }

    /// All folders to search, in order of preference. Relative ones are left out, because another account runs the
    /// programs from another working directory.
    var folders: [String] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: versions)) ?? []
      let numbers = names.compactMap { Int($0) }.sorted(by: >)
      return path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        + numbers.map { "\(versions)/\($0)/bin" }
    }

    var description: [String] { (path.isEmpty ? [] : ["PATH"]) + ["\(versions)/*/bin"] }
  }

  /// Finds the first server that is new enough. If the cluster `cluster` has data already, the server must have their
  /// version, `data`.
  package static func find(in places: Places = Places(), data: String? = nil, of cluster: String = "")
    async throws(ClusterError) -> ServerBinaries
  {
    var tooOld: [String] = []
    var others: [String] = []
    for folder in places.folders.map(withoutLinks) where hasServer(folder) {
      guard let version = try await version(of: folder + "/postgres") else { continue }
      if version < oldest {
        tooOld.append(folder)
      } else if let data, data != String(version) {
        others.append(String(version))
      } else {
        return ServerBinaries(folder: folder, version: version)
      }
    }
    if let data, !others.isEmpty { throw .versionMismatch(cluster, data: data, installed: others) }
    throw .serverMissing(searched: places.description, tooOld: tooOld)
  }

  /// Returns the folder of the real `postgres`, following links. If only one program is linked into a folder such as
  /// /usr/local/bin, the other programs are only in the real folder.
  private static func withoutLinks(_ folder: String) -> String {
    URL(fileURLWithPath: folder + "/postgres").resolvingSymlinksInPath().deletingLastPathComponent().path
  }

  private static func hasServer(_ folder: String) -> Bool {
    ["initdb", "pg_ctl", "postgres"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
  }

  /// Returns a program's major version, read from a line such as `postgres (PostgreSQL) 15.4 (Debian 15.4-1)`.
  static func version(of program: String) async throws(ClusterError) -> Int? {
    let line = try await Tool(path: program, account: nil).run(["--version"])
    guard let number = line.split(separator: " ").dropFirst(2).first else { return nil }
    return Int(number.prefix { $0.isNumber })
  }

  func tool(_ name: String, as account: Account) -> Tool {
    Tool(path: "\(folder)/\(name)", account: account)
  }
}
