import ArgumentParser
import BahariMigration

extension MigrationOutcome {
  /// The exit codes and their meanings, as text for the help of the commands.
  static var table: String {
    let lines = allCases.map { "  \($0.rawValue)   \($0.meaning)" } + ["  64  the command line is wrong"]
    return "Exit codes:\n\(lines.joined(separator: "\n"))"
  }

  /// Ends the process with this outcome's exit code, by throwing it; returns if the outcome is `.done`.
  func end() throws {
    guard self != .done else { return }
    throw ExitCode(rawValue)
  }
}
