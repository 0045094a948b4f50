import Foundation

/// The log file of a run: every statement with its time, written before the statement is sent.
final class StatementLog: Sendable {
  private let file: FileHandle

  /// Creates the file, or appends to it if it exists.
  init(_ path: String) throws {
    guard
      FileManager.default.fileExists(atPath: path)
        || FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
      let file = FileHandle(forWritingAtPath: path)
    else { throw PlaceError(description: "\(path) cannot be written") }
    try file.seekToEnd()
    self.file = file
  }

  func write(_ text: String) {
    let time = Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))
    try? file.write(contentsOf: Data("\(time) \(text)\n".utf8))
  }
}
