import Foundation
import Subprocess

/// Tells an administrator at once what failed, by a command of theirs.
struct Alert: Sendable {
  /// A line for the shell.
  let command: String
  let database: String

  /// Runs the command with what is to be told as its first argument, and the parts in its environment. What it says
  /// goes to standard error; that it fails is told there and changes nothing else.
  func tell(_ message: String, phase: String = "", statement: String = "") async {
    let environment = Environment.inherit.updating([
      "BAHARI_ALERT": message, "BAHARI_ALERT_DATABASE": database, "BAHARI_ALERT_PHASE": phase,
      "BAHARI_ALERT_STATEMENT": statement,
    ])
    do {
      let result = try await Subprocess.run(
        .path("/bin/sh"), arguments: ["-c", command, "baharid-alert", message], environment: environment, input: .none,
        output: .string(limit: 65_536), error: .combinedWithOutput)
      let said = result.standardOutput
      if !said.isEmpty { FileHandle.standardError.write(Data(said.utf8)) }
      if !result.terminationStatus.isSuccess { complain("it ended with \(result.terminationStatus)") }
    } catch {
      complain("\(error)")
    }
  }

  private func complain(_ text: String) {
    FileHandle.standardError.write(Data("warning: --on-alert \(command): \(text)\n".utf8))
  }
}
