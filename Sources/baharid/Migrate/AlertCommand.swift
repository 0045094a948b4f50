import BahariMigration
import Foundation
import Subprocess

/// The administrator's shell command from the option `--on-alert`.
struct AlertCommand: Sendable {
  /// The command line for the shell.
  let command: String
  let database: String

  /// Runs the command with the alert's message as its first argument, and with message, database, phase and statement
  /// in its environment. Its output goes to standard error. If the command fails, that is reported on standard error
  /// and has no other effect.
  func run(_ alert: MigrationAlert) async {
    let environment = Environment.inherit.updating([
      "BAHARI_ALERT": alert.message, "BAHARI_ALERT_DATABASE": database,
      "BAHARI_ALERT_PHASE": alert.phase.map(String.init) ?? "", "BAHARI_ALERT_STATEMENT": alert.statement ?? "",
    ])
    do {
      let result = try await Subprocess.run(
        .path("/bin/sh"), arguments: ["-c", command, "baharid-alert", alert.message], environment: environment,
        input: .none, output: .string(limit: 65_536), error: .combinedWithOutput)
      let output = result.standardOutput
      if !output.isEmpty { FileHandle.standardError.write(Data(output.utf8)) }
      if !result.terminationStatus.isSuccess { complain("it ended with \(result.terminationStatus)") }
    } catch {
      complain("\(error)")
    }
  }

  private func complain(_ text: String) {
    FileHandle.standardError.write(Data("warning: --on-alert \(command): \(text)\n".utf8))
  }
}
