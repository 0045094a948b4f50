import BahariMigration
import Foundation
import Subprocess

/// The administrator's command of `--on-alert`.
struct AlertCommand: Sendable {
  /// A line for the shell.
  let command: String
  let database: String

  /// Runs the command with the message as its first argument and the parts in its environment. Its output goes to
  /// standard error. A command that fails is reported there, too, and changes nothing else.
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
