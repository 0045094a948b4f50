import Foundation
import Synchronization
import TestSupport

/// Where the programs under test are, and where their files go.
enum Place {
  /// The build folder: the test bundle lies beside the programs.
  static let programs = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .path

  /// For sockets, logs and files of this run. Cleared, with all children, when the process ends.
  static let scratch = Result {
    let folder = try TemporaryFolder.make()
    // PostgreSQL, which as root runs as another user, has to get through.
    chmod(folder, 0o755)
    try Reaper.watch(processesIn: folder)
    return folder
  }

  private static let count = Atomic<Int>(0)

  /// A path in it that nothing has yet.
  static func fresh(_ name: String) throws -> String {
    "\(try scratch.get())/\(count.add(1, ordering: .relaxed).newValue)-\(name)"
  }
}

/// How many files and sockets this process and its children may have open; raised as far as a test needs.
enum OpenFiles {
  static let limit: UInt = {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 4_096))
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return limit.rlim_cur
  }()
}

struct Trouble: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// A program in the background. Its output goes to files, so that it never waits for a reader.
final class Child: Sendable {
  let pid: pid_t
  private let base: String
  private let status = Mutex<Int32?>(nil)

  /// - Parameter environment: On top of this process's own, which other tests read at the same time.
  init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    base = try Place.fresh(program)
    _ = OpenFiles.limit
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, base + ".out", flags, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, base + ".err", flags, 0o644)
    let path = "\(Place.programs)/\(program)"
    var list = ([path] + arguments).map { strdup($0) } + [nil]
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var variables = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { (list + variables).forEach { free($0) } }
    var pid: pid_t = 0
    let failure = posix_spawn(&pid, path, &actions, nil, &list, &variables)
    guard failure == 0 else { throw Trouble("\(path) cannot be started: \(String(cString: strerror(failure)))") }
    self.pid = pid
    try Data().write(to: URL(fileURLWithPath: pidFile))
  }

  private var pidFile: String { "\((try? Place.scratch.get()) ?? "")/\(pid).pid" }

  var standardOutput: String { (try? String(contentsOfFile: base + ".out", encoding: .utf8)) ?? "" }
  var standardError: String { (try? String(contentsOfFile: base + ".err", encoding: .utf8)) ?? "" }

  func signal(_ number: Int32) { kill(pid, number) }

  /// The exit code, or the negative signal; nil while it runs.
  var exit: Int32? {
    status.withLock { status in
      if status != nil { return status }
      var raw: Int32 = 0
      guard waitpid(pid, &raw, WNOHANG) == pid else { return nil }
      try? FileManager.default.removeItem(atPath: pidFile)
      status = raw & 0x7f == 0 ? (raw >> 8) & 0xff : -(raw & 0x7f)
      return status
    }
  }

  func end(within seconds: Double = 300) async throws -> Int32 {
    try await eventually("the end of process \(pid)", within: seconds) { exit != nil }
    return exit ?? -1
  }

  // MARK: The kernel's numbers

  /// Processor time taken so far, of user and system, in ticks of 10 ms.
  var ticks: Int {
    get throws {
      let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
      // The name in parentheses may hold spaces.
      let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
      guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
        throw Trouble("/proc/\(pid)/stat cannot be read: \(text)")
      }
      return user + system
    }
  }

  /// Files and sockets it has open.
  var descriptors: Int {
    get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count }
  }

  /// Memory in use, in KiB.
  var residentKiB: Int {
    get throws {
      let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
      let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      guard let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
        throw Trouble("/proc/\(pid)/status has no VmRSS")
      }
      return number
    }
  }
}
