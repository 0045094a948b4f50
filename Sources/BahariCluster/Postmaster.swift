import Foundation

/// What postmaster.pid tells of the server that wrote it.
struct Postmaster: Equatable {
  let process: pid_t
  let isReady: Bool

  /// The server that runs on these data, nil when none does.
  static func running(on layout: Layout) -> Postmaster? {
    let lines = lines(of: layout)
    guard let process = lines.first.flatMap({ pid_t($0) }), works(process, in: layout.data) else { return nil }
    // Line 8 is the status: starting, ready, stopping.
    return Postmaster(process: process, isReady: lines.count > 7 && lines[7].hasPrefix("ready"))
  }

  /// Removes what a server that is gone left behind and names a process that is not it: one that has its number
  /// by now, or one that has ended and was not waited for. PostgreSQL would take either for itself and refuse.
  static func removeMistaken(_ layout: Layout) {
    guard running(on: layout) == nil else { return }
    // Where the number is nobody's, PostgreSQL looks for what that server left in memory: it keeps the file then.
    if let process = lines(of: layout).first.flatMap({ pid_t($0) }), isAlive(process) { unlink(layout.postmaster) }
    unlink(layout.socketLock)
  }

  /// The sessions of a server that was killed. The kernel tells them, and they end: at once, or after the
  /// statement that they are in.
  static func orphans(_ layout: Layout) -> [pid_t] {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.compactMap { pid_t($0) }.filter { process in
      place(of: process).path == layout.data
        && (try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)) == "postgres\n"
    }
  }

  private static func lines(of layout: Layout) -> [String] {
    (try? String(contentsOfFile: layout.postmaster, encoding: .utf8))?.components(separatedBy: "\n") ?? []
  }

  private static func isAlive(_ process: pid_t) -> Bool {
    process > 0 && (kill(process, 0) == 0 || errno == EPERM)
  }

  /// A postmaster works in its data folder; after a crash its number may be another process'.
  private static func works(_ process: pid_t, in folder: String) -> Bool {
    guard isAlive(process) else { return false }
    // Hidden: believe the file. Neither hidden nor anywhere: it has ended and was not waited for.
    let (place, isHidden) = place(of: process)
    return isHidden || place == folder
  }

  /// A process' working directory, or that it is not ours to look at.
  private static func place(of process: pid_t) -> (path: String?, isHidden: Bool) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let start = buffer.baseAddress else { return (nil, false) }
      let length = readlink("/proc/\(process)/cwd", start, buffer.count)
      guard length >= 0 else { return (nil, errno == EACCES) }
      return (String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self), false)
    }
  }
}
