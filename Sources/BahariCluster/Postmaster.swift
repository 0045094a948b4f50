import Foundation

/// What postmaster.pid tells of the server that wrote it.
struct Postmaster: Equatable {
  let process: pid_t
  let isReady: Bool

  /// The server that runs on these data, nil when none does.
  static func running(on layout: Layout) -> Postmaster? {
    guard let text = try? String(contentsOfFile: layout.postmaster, encoding: .utf8) else { return nil }
    let lines = text.components(separatedBy: "\n")
    guard let process = lines.first.flatMap({ pid_t($0) }), works(process, in: layout.data) else { return nil }
    // Line 8 is the status: starting, ready, stopping.
    return Postmaster(process: process, isReady: lines.count > 7 && lines[7].hasPrefix("ready"))
  }

  /// A postmaster works in its data folder; after a crash its number may be another process'.
  private static func works(_ process: pid_t, in folder: String) -> Bool {
    guard kill(process, 0) == 0 || errno == EPERM else { return false }
    guard let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd") else {
      // Not ours to look at: believe the file.
      return access("/proc/\(process)", F_OK) == 0
    }
    return place == folder
  }

  /// A postmaster.pid whose number another process has by now: PostgreSQL would take that one for itself.
  static func removeStale(_ layout: Layout) {
    if running(on: layout) == nil { unlink(layout.postmaster) }
  }
}
