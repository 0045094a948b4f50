import ArgumentParser

/// What a command of `baharid migrate` ends with; `--help` prints this table.
enum MigrationExit: Int32, CaseIterable {
  case done = 0
  case failed = 1
  case refused = 3
  case rolledBack = 4
  case stoppedBetweenPhases = 5
  case locked = 6
  case noBackup = 7
  case rollbackAdvised = 8

  var meaning: String {
    switch self {
    case .done: "done, or nothing to do"
    case .failed: "failed before anything was changed: the message says why"
    case .refused: "refused for the reasons that `plan` lists; nothing was changed"
    case .rolledBack: "failed on the way and rolled back: the database is as it was before"
    case .stoppedBetweenPhases: "failed on the way, some phases are committed: `status` names them, `run` goes on"
    case .locked: "the tables could not be locked: who holds them is named; nothing was changed"
    case .noBackup: "the backup, its proof or the rehearsal failed; nothing was changed"
    case .rollbackAdvised: "verification found what the design calls a reason for rollback: run `undo`"
    }
  }

  static var table: String {
    let lines = allCases.map { "  \($0.rawValue)   \($0.meaning)" } + ["  64  the command line is wrong"]
    return "Exit codes:\n\(lines.joined(separator: "\n"))"
  }

  func end() throws {
    guard self != .done else { return }
    throw ExitCode(rawValue)
  }
}
