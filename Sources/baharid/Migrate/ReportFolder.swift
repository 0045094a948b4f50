import BahariMigration
import Foundation

/// Creates the folder of the reports of runs and verifications, and writes the reports.
enum ReportFolder {
  static func make(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw PlaceError(description: "\(folder) cannot be created: \(error.localizedDescription)")
    }
  }

  /// Writes `NAME.json` and `NAME.md`. Only this user can read the files, since they contain statements and ids.
  static func write(_ report: MigrationReport, to folder: String, named name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    try write(try encoder.encode(report), to: "\(folder)/\(name).json")
    try write(Data(report.markdown.utf8), to: "\(folder)/\(name).md")
  }

  private static func write(_ data: Data, to path: String) throws {
    unlink(path)
    guard FileManager.default.createFile(atPath: path, contents: data, attributes: [.posixPermissions: 0o600]) else {
      throw PlaceError(description: "\(path) cannot be written")
    }
  }
}
