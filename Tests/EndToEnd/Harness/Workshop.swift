import Foundation
import TestSupport

/// A daemon with the fishery in its database, and a folder with the files that the help names, where shell lines run.
struct Workshop: Sendable {
  let daemon: Daemon
  let folder: String

  init(database: String) async throws {
    daemon = try await Daemon.serving(database: database, ["--allow-unsafe-durability"])
    try await daemon.sql(Regions.sql + Fishery.sql)
    folder = try Place.fresh("workshop")
    try FileManager.default.createDirectory(atPath: "\(folder)/Proto", withIntermediateDirectories: true)
    for (name, text) in Fishery.files { try write(text, to: name) }
  }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
  }

  func text(of name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }

  /// Runs a line of bash in the folder; `bahari` is bound for the daemon. A pipe fails where any part of it does.
  func run(_ line: String) async throws -> Ran {
    try await daemon.shell("cd '\(folder)'; export XDG_STATE_HOME='\(folder)/state'; set -o pipefail\n\(line)")
  }

  /// Starts the CLI in the background.
  func start(_ arguments: String...) throws -> Child {
    try Child("bahari", arguments + ["--socket", daemon.socket], environment: ["XDG_STATE_HOME": "\(folder)/state"])
  }
}
