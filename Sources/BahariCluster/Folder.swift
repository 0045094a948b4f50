import Foundation

/// Creates and checks the folders of the account that runs PostgreSQL. Links are not followed, so that nobody can use a
/// link to make root change another folder.
enum Folder {
  /// Creates the cluster's folder and the folders above it, and gives the cluster's folder to the account. Returns the
  /// folder's path without links.
  static func prepare(_ path: String, for account: Account) throws(ClusterError) -> String {
    let parent = (path as NSString).deletingLastPathComponent
    for folder in Layout(parent).ancestors where mkdir(folder, 0o755) != 0 && errno != EEXIST {
      throw .system("create the folder", path: folder, code: errno)
    }
    guard let resolved = realpath(path, nil) ?? realpath(parent, nil) else {
      throw .system("resolve", path: path, code: errno)
    }
    defer { free(resolved) }
    let found = String(cString: resolved)
    let name = (path as NSString).lastPathComponent
    let exists = access(path, F_OK) == 0
    let real = exists ? found : (found == "/" ? "/" + name : found + "/" + name)
    try give(real, to: account, mode: exists ? nil : 0o700)
    return real
  }

  /// Creates the folder `path` if it does not exist. A folder of another owner is given to the account, but only if it
  /// is empty.
  static func give(_ path: String, to account: Account, mode: mode_t?) throws(ClusterError) {
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw .system("create the folder", path: path, code: errno) }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard folder >= 0 else { throw .system("open the folder", path: path, code: errno) }
    defer { close(folder) }
    var info = stat()
    guard fstat(folder, &info) == 0 else { throw .system("examine", path: path, code: errno) }
    var mode = mode
    if info.st_uid != account.user {
      // A folder that is not empty is in use and keeps its owner, such as /etc if an operator names it by mistake.
      guard account.stepsDown, isEmpty(path) else { throw .notOurs(path, account: account.name) }
      guard fchown(folder, account.user, account.group) == 0 else {
        throw .system("give \(account.name) the folder", path: path, code: errno)
      }
      mode = 0o700
    }
    if let mode, fchmod(folder, mode) != 0 { throw .system("close to others", path: path, code: errno) }
  }

  private static func isEmpty(_ path: String) -> Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: path).isEmpty) ?? false
  }

  /// Checks that the account can enter the cluster's folder. The check runs as the account, because access lists and
  /// mounts matter as well as modes.
  static func checkEntry(_ layout: Layout, as account: Account) async throws(ClusterError) {
    guard account.stepsDown else { return }
    let script = #"for folder; do [ -x "$folder" ] || { printf %s "$folder"; exit 1; }; done"#
    let shell = Tool(path: "/bin/sh", account: account)
    let output = try await shell.output(["-c", script, "sh"] + layout.ancestors)
    guard output.succeeded else { throw .cannotEnter(output.text, account: account.name) }
  }
}

/// The lock that prevents two processes from using the same cluster. The kernel releases it when the process ends.
final class FolderLock: Sendable {
  private let descriptor: Int32

  init(_ path: String) throws(ClusterError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open the folder", path: path, code: errno) }
    // Locking is retried, because a program that this process has just started inherits all descriptors for a moment,
    // which can include that of a lock that was released.
    var attempts = 25
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK else { throw .system("lock", path: path, code: errno) }
      attempts -= 1
      guard attempts > 0 else { throw .inUse(path, by: FolderLock.holder(of: descriptor)) }
      usleep(20_000)
    }
  }

  /// Returns the process that holds the lock on an open folder; nil if it has ended or runs in another container.
  private static func holder(of descriptor: Int32) -> pid_t? {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { return nil }
    // The major and minor number of the folder's device, from the same bits of `st_dev` as in glibc.
    let major = (info.st_dev >> 8) & 0xfff | (info.st_dev >> 32) & ~0xfff
    let minor = info.st_dev & 0xff | (info.st_dev >> 12) & ~0xff
    let file = String(format: "%02lx:%02lx:%lu", major, minor, info.st_ino)
    // A line of /proc/locks is like `1: FLOCK  ADVISORY  WRITE 7931 fe:00:16436082 0 EOF`. The line of a process that
    // waits for the lock has `->` as its second field, before FLOCK.
    let locks = (try? String(contentsOfFile: "/proc/locks", encoding: .utf8)) ?? ""
    let fields = locks.split(separator: "\n").map { $0.split(separator: " ") }
    return fields.first { $0.count > 5 && $0[1] == "FLOCK" && $0[5] == file }.flatMap { pid_t($0[4]) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
