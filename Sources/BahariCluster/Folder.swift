import Foundation

/// Folders that PostgreSQL's account owns, made and checked without following links: root must not be led elsewhere.
enum Folder {
  /// Makes the cluster's folder with those above it, gives it to the account, and tells its path without links.
  static func prepare(_ path: String, for account: Account) throws(ClusterError) -> String {
    let parent = (path as NSString).deletingLastPathComponent
    for folder in Layout(parent).ancestors where mkdir(folder, 0o755) != 0 && errno != EEXIST {
      throw .system("make the folder", path: folder, code: errno)
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

  /// Makes `path` when it is missing; it must be the account's, or empty and ours to give.
  static func give(_ path: String, to account: Account, mode: mode_t?) throws(ClusterError) {
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw .system("make the folder", path: path, code: errno) }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard folder >= 0 else { throw .system("open the folder", path: path, code: errno) }
    defer { close(folder) }
    var info = stat()
    guard fstat(folder, &info) == 0 else { throw .system("examine", path: path, code: errno) }
    var mode = mode
    if info.st_uid != account.user {
      // A folder with something in it is somebody's: /etc named by mistake must stay root's.
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

  /// Asks as the account, since access lists and mounts have a say too.
  static func checkEntry(_ layout: Layout, as account: Account) async throws(ClusterError) {
    guard account.stepsDown else { return }
    let script = #"for folder; do [ -x "$folder" ] || { printf %s "$folder"; exit 1; }; done"#
    let shell = Tool(path: "/bin/sh", account: account)
    let output = try await shell.output(["-c", script, "sh"] + layout.ancestors)
    guard output.succeeded else { throw .cannotEnter(output.text, account: account.name) }
  }
}

/// Keeps a second process from the same cluster. It ends with the process, however that ends.
final class FolderLock: Sendable {
  private let descriptor: Int32

  init(_ path: String) throws(ClusterError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open the folder", path: path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else { throw .system("lock", path: path, code: errno) }
      throw .inUse(path, by: FolderLock.holder(of: descriptor))
    }
  }

  /// Who holds the lock on an open folder. Nil when it has ended since, or is out of sight, as in another container.
  private static func holder(of descriptor: Int32) -> pid_t? {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { return nil }
    // As glibc takes a device's number apart.
    let major = (info.st_dev >> 8) & 0xfff | (info.st_dev >> 32) & ~0xfff
    let minor = info.st_dev & 0xff | (info.st_dev >> 12) & ~0xff
    let file = String(format: "%02lx:%02lx:%lu", major, minor, info.st_ino)
    // A line is such as `1: FLOCK  ADVISORY  WRITE 7931 fe:00:16436082 0 EOF`; of one that waits, `->` comes second.
    let locks = (try? String(contentsOfFile: "/proc/locks", encoding: .utf8)) ?? ""
    let fields = locks.split(separator: "\n").map { $0.split(separator: " ") }
    return fields.first { $0.count > 5 && $0[1] == "FLOCK" && $0[5] == file }.flatMap { pid_t($0[4]) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
