import Foundation
import Subprocess
import Synchronization

/// `pg_dump` and `pg_restore` of one installed version of PostgreSQL. They run as this process's user.
package struct ClientPrograms: Sendable, Equatable {
  package let folder: String
  /// PostgreSQL's major version, such as 15.
  package let version: Int

  package var dump: ClientProgram { ClientProgram(path: folder + "/pg_dump") }
  package var restore: ClientProgram { ClientProgram(path: folder + "/pg_restore") }

  /// Finds the programs of the server's version or, if that is not installed, of the next newer one. An older `pg_dump`
  /// refuses the server, and the output of a much newer one may contain settings that the server does not know.
  package static func find(
    forServer version: Int, in places: ServerBinaries.Places = .init()
  ) async throws(ClusterError) -> ClientPrograms {
    var found: [ClientPrograms] = []
    for folder in places.folders.map({ withoutLinks($0) }) where hasBoth(folder) {
      guard let own = try await ServerBinaries.version(of: folder + "/pg_dump") else { continue }
      if own == version { return ClientPrograms(folder: folder, version: own) }
      found.append(ClientPrograms(folder: folder, version: own))
    }
    if let next = found.filter({ $0.version > version }).min(by: { $0.version < $1.version }) { return next }
    throw .programsMissing(version: version, tooOld: found.map(\.folder), searched: places.description)
  }

  /// Returns the folder of the real `pg_dump`, following links. Debian links /usr/bin/pg_dump to a wrapper script; the
  /// script's folder has no `pg_dump` and is therefore skipped.
  private static func withoutLinks(_ folder: String) -> String {
    URL(fileURLWithPath: folder + "/pg_dump").resolvingSymlinksInPath().deletingLastPathComponent().path
  }

  private static func hasBoth(_ folder: String) -> Bool {
    ["pg_dump", "pg_restore"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
  }
}

/// One of PostgreSQL's programs that report their progress on standard error. It runs as this process's user with this
/// process's environment, so that it finds the user's password file.
package struct ClientProgram: Sendable {
  let path: String

  package var name: String { String(path.split(separator: "/").last ?? "?") }

  /// Runs the program and calls `line` with each line of its standard error. Kills the program if it runs longer than
  /// `limit`.
  ///
  /// - Parameter password: Passed in the environment, because every user of the machine can read a process's arguments.
  package func run(
    _ arguments: [String], password: String? = nil, within limit: Duration,
    line: @escaping @Sendable (String) -> Void
  ) async throws(ClusterError) {
    let last = LastLines()
    let outcome: Outcome
    do {
      outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
        group.addTask {
          try await self.follow(arguments, password) { text in
            last.add(text)
            line(text)
          }
        }
        group.addTask {
          try await Task.sleep(for: limit)
          return .late
        }
        // Cancelling the task in which the program runs kills the program.
        defer { group.cancelAll() }
        return try await group.next() ?? .late
      }
    } catch {
      throw .tool(name, lines: "\(error)")
    }
    switch outcome {
    case .succeeded: return
    case .failed: throw .tool(name, lines: last.text)
    case .late: throw .tooLong(name, seconds: Int(limit.components.seconds))
    }
  }

  private enum Outcome { case succeeded, failed, late }

  private func follow(
    _ arguments: [String], _ password: String?, _ line: @escaping @Sendable (String) -> Void
  ) async throws -> Outcome {
    var environment = Environment.inherit.updating(["LC_ALL": "C"])
    if let password { environment = environment.updating(["PGPASSWORD": password]) }
    let result = try await Subprocess.run(
      .path(.init(path)), arguments: Arguments(arguments), environment: environment, input: .none,
      output: .discarded, error: .sequence
    ) { execution in
      for try await text in execution.standardError.strings() { line(text) }
    }
    return result.terminationStatus.isSuccess ? .succeeded : .failed
  }
}

/// The last lines of a program's output.
private final class LastLines: Sendable {
  private let lines = Mutex<[String]>([])

  func add(_ line: String) {
    lines.withLock { lines in
      lines.append(line)
      if lines.count > 8 { lines.removeFirst() }
    }
  }

  var text: String { Tool.lastLines(lines.withLock { $0.joined(separator: "\n") }) }
}
