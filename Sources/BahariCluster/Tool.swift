import Subprocess

/// A program, usually one of PostgreSQL's, that is run as `account`, or as this process's user if `account` is nil.
struct Tool: Sendable {
  let path: String
  let account: Account?

  var name: String { String(path.split(separator: "/").last ?? "?") }

  struct Output: Sendable {
    let succeeded: Bool
    let text: String
  }

  /// The programs' environment. They do not inherit this process's environment (PGDATA, PGOPTIONS and others) or its
  /// working directory, which the account may not be allowed to enter.
  private static let environment = Environment.custom([
    "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC",
  ])

  /// Runs the program to its end, even if the caller is cancelled: the separate task is not cancelled with it.
  /// Otherwise a cancelled caller could leave a cluster half created or half stopped.
  func output(_ arguments: [String], input: String = "") async throws(ClusterError) -> Output {
    let command = account?.command(path, arguments) ?? (path: path, arguments: arguments)
    let task = Task {
      let file = try InputFile(input.utf8)
      defer { withExtendedLifetime(file) {} }
      return try await Subprocess.run(
        .path(.init(command.path)), arguments: Arguments(command.arguments), environment: Tool.environment,
        workingDirectory: "/", input: file.input, output: .string(limit: 1_048_576), error: .combinedWithOutput)
    }
    do {
      let result = try await task.value
      return Output(succeeded: result.terminationStatus.isSuccess, text: result.standardOutput)
    } catch {
      throw .tool(path, lines: "\(error)")
    }
  }

  /// Runs the program and returns its output. If the program fails, throws the last lines of the output.
  @discardableResult
  func run(_ arguments: [String], input: String = "") async throws(ClusterError) -> String {
    let output = try await output(arguments, input: input)
    guard output.succeeded else { throw .tool(name, lines: Tool.lastLines(output.text)) }
    return output.text
  }

  static func lastLines(_ text: String, count: Int = 8) -> String {
    let lines = text.split(whereSeparator: \.isNewline).suffix(count)
    return lines.isEmpty ? "it had no output" : lines.joined(separator: "\n")
  }
}
