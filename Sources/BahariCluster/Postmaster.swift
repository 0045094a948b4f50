import Foundation

/// The server process that the file postmaster.pid describes.
struct Postmaster: Equatable {
  let process: pid_t
  let isReady: Bool

  /// Returns the server that runs on the data in `layout`; nil if none runs.
  static func running(on layout: Layout) -> Postmaster? {
    let lines = lines(of: layout)
    guard let process = lines.first.flatMap({ pid_t($0) }), works(process, in: layout.data) else { return nil }
    // Line 8 of postmaster.pid is the server's status: starting, ready or stopping.
    return Postmaster(process: process, isReady: lines.count > 7 && lines[7].hasPrefix("ready"))
  }

  /// Removes the postmaster.pid of a server that has ended, if the process id in it now belongs to another process or
  /// to a zombie. PostgreSQL would take that process for a running server and refuse to start.
  static func removeMistaken(_ layout: Layout) {
    guard running(on: layout) == nil else { return }
    // If no process has that id, the file must stay: PostgreSQL needs it to find the ended server's shared memory.
    if let process = lines(of: layout).first.flatMap({ pid_t($0) }), isAlive(process) { unlink(layout.postmaster) }
    unlink(layout.socketLock)
  }

  /// Returns the processes of sessions whose server was killed. The kernel notifies each of them; it ends at once or
  /// after its present statement.
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

  /// Whether the process runs in the folder, as a postmaster runs in its data folder. After a crash another process may
  /// have the postmaster's process id.
  private static func works(_ process: pid_t, in folder: String) -> Bool {
    guard isAlive(process) else { return false }
    // If this process may not read the working directory, postmaster.pid is trusted. A process without a working
    // directory is a zombie.
    let (place, isHidden) = place(of: process)
    return isHidden || place == folder
  }

  /// Returns a process's working directory, and whether this process is not allowed to read it.
  private static func place(of process: pid_t) -> (path: String?, isHidden: Bool) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let start = buffer.baseAddress else { return (nil, false) }
      let length = readlink("/proc/\(process)/cwd", start, buffer.count)
      guard length >= 0 else { return (nil, errno == EACCES) }
      return (String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self), false)
    }
  }
}
