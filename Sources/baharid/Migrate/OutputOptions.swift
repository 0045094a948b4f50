import ArgumentParser
import BahariMigration
import BahariPostgres
import Foundation

/// Whether a command prints lines and progress bars for people, or one JSON object.
struct OutputOptions: ParsableArguments {
  @Flag(help: "One JSON object on standard output instead of lines for people.")
  var json = false

  var line: ProgressLine { ProgressLine(isSilent: json) }

  func show(_ report: some Encodable) throws {
    guard json else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    Log.say(String(decoding: try encoder.encode(report), as: UTF8.self))
  }

  /// Runs a command's work on its database and ends the process with the exit code of the outcome. If `body` throws an
  /// error, prints it on standard error and ends the process with the exit code of `code`.
  func run(
    on address: DatabaseAddress, folder: String = "bahari", failing code: MigrationOutcome = .failed,
    _ body: @escaping @Sendable (Conninfo) async throws -> MigrationOutcome
  ) async throws {
    let outcome: MigrationOutcome
    do {
      outcome = try await address.with(folder: folder, body)
    } catch let error as ExitCode {
      throw error
    } catch {
      OutputOptions.complain(error)
      outcome = code
    }
    try outcome.end()
  }

  static func complain(_ error: any Error) {
    complain((error as? PostgresError).map { "PostgreSQL: \($0.message) (SQLSTATE \($0.sqlState))" } ?? "\(error)")
  }

  static func complain(_ text: String) { FileHandle.standardError.write(Data("error: \(text)\n".utf8)) }
}
