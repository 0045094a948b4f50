import Foundation

/// The server that postmaster.pid describes.
struct Postmaster: Equatable {
  let process: pid_t
  let isReady: Bool

  /// The server that runs on these data; nil when none runs.
  static func running(on layout: Layout) -> Postmaster? {
    let lines = lines(of: layout)
    guard let process = lines.first.flatMap({ pid_t($0) }), works(process, in: layout.data) else { return nil }
    // Line 8 is the status: starting, ready, stopping.
    return Postmaster(process: process, isReady: lines.count > 7 && lines[7].hasPrefix("ready"))
  }

  /// Removes the postmaster.pid of an ended server when its number now belongs to another process, or to a zombie.
  /// PostgreSQL would take that process for a running server and refuse to start.
  static func removeMistaken(_ layout: Layout) {
    guard running(on: layout) == nil else { return }
    // Where no process has the number, PostgreSQL itself needs the file, to find the shared memory of that server.
    if let process = lines(of: layout).first.flatMap({ pid_t($0) }), isAlive(process) { unlink(layout.postmaster) }
    unlink(layout.socketLock)
  }

  /// The sessions of a server that was killed. The kernel notifies them, and they end at once or after their present
  /// statement.
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

  /// Whether the process's working directory is the data folder, as a postmaster's is. After a crash another process may
  /// have its number.
  private static func works(_ process: pid_t, in folder: String) -> Bool {
    guard isAlive(process) else { return false }
    // A hidden working directory: trust the file. None at all: a zombie.
    let (place, isHidden) = place(of: process)
    return isHidden || place == folder
  }

  /// A process's working directory, or that this process may not read it.
  private static func place(of process: pid_t) -> (path: String?, isHidden: Bool) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let start = buffer.baseAddress else { return (nil, false) }
      let length = readlink("/proc/\(process)/cwd", start, buffer.count)
      guard length >= 0 else { return (nil, errno == EACCES) }
      return (String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self), false)
    }
  }
}
