import Foundation

/// The programs of one installed PostgreSQL server.
package struct ServerBinaries: Sendable, Equatable {
  /// The folder of `initdb`, `pg_ctl` and `postgres`, and of `psql`.
  package let folder: String
  /// The major version, such as 15.
  package let version: Int

  package static let oldest = 15

  /// The folders in which servers are looked for.
  package struct Places: Sendable {
    /// Folders, separated by colons, in the order of preference.
    package var path: String
    /// A folder with a `bin` for each version, as on Debian; the newest is preferred.
    package var versions: String

    package init(
      path: String = ProcessInfo.processInfo.environment["PATH"] ?? "", versions: String = "/usr/lib/postgresql"
    ) {
      self.path = path
      self.versions = versions
    }

    /// Absolute folders only: another account runs the programs, from another working directory.
    var folders: [String] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: versions)) ?? []
      let numbers = names.compactMap { Int($0) }.sorted(by: >)
      return path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        + numbers.map { "\(versions)/\($0)/bin" }
    }

    var description: [String] { (path.isEmpty ? [] : ["PATH"]) + ["\(versions)/*/bin"] }
  }

  /// The first server that is new enough and, where there are data already, has their version.
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

  /// A link to one program, for example in /usr/local/bin, does not have the other programs beside it.
  private static func withoutLinks(_ folder: String) -> String {
    URL(fileURLWithPath: folder + "/postgres").resolvingSymlinksInPath().deletingLastPathComponent().path
  }

  private static func hasServer(_ folder: String) -> Bool {
    ["initdb", "pg_ctl", "postgres"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
  }

  /// A program's version, from a line such as `postgres (PostgreSQL) 15.4 (Debian 15.4-1)`.
  static func version(of program: String) async throws(ClusterError) -> Int? {
    let line = try await Tool(path: program, account: nil).run(["--version"])
    guard let number = line.split(separator: " ").dropFirst(2).first else { return nil }
    return Int(number.prefix { $0.isNumber })
  }

  func tool(_ name: String, as account: Account) -> Tool {
    Tool(path: "\(folder)/\(name)", account: account)
  }
}
