import Glibc

/// The account that runs PostgreSQL's programs. It must not be root, because PostgreSQL refuses to run as root.
struct Account: Sendable, Equatable {
  let name: String
  let user: uid_t
  let group: gid_t
  /// Whether this process is root, so that it must start PostgreSQL's programs as another account.
  let stepsDown: Bool

  /// The names of the accounts that run PostgreSQL if this process is root; the first that exists is used.
  static let unprivileged = ["postgres", "nobody"]

  static func forServer() throws(ClusterError) -> Account {
    let user = geteuid()
    guard user == 0 else {
      return Account(name: name(of: user), user: user, group: getegid(), stepsDown: false)
    }
    for name in unprivileged {
      if let account = named(name), account.user != 0 { return account }
    }
    throw .noAccount(unprivileged)
  }

  /// Returns the command that runs the program `path` as this account, in no group except the account's primary group.
  ///
  /// The command uses setpriv. Subprocess's options for user and groups call setgroups in the forked child, where glibc
  /// would wait forever for threads that exist only in the parent.
  func command(_ path: String, _ arguments: [String]) -> (path: String, arguments: [String]) {
    guard stepsDown else { return (path, arguments) }
    return ("/usr/bin/setpriv", ["--reuid=\(user)", "--regid=\(group)", "--clear-groups", "--", path] + arguments)
  }

  private static func named(_ name: String) -> Account? {
    entry { getpwnam_r(name, $0, $1, $2, $3) }
      .map { Account(name: name, user: $0.pw_uid, group: $0.pw_gid, stepsDown: true) }
  }

  private static func name(of user: uid_t) -> String {
    var name: String?
    _ = entry { pointer, buffer, size, found in
      let code = getpwuid_r(user, pointer, buffer, size, found)
      if code == 0, found.pointee != nil { name = String(cString: pointer.pointee.pw_name) }
      return code
    }
    return name ?? "user \(user)"
  }

  private typealias Lookup = (
    UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
    UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
  ) -> Int32

  /// Returns the entry that `lookup` finds in the list of accounts. The entry's numbers stay valid, but its texts are
  /// valid only while `lookup` runs.
  private static func entry(_ lookup: Lookup) -> passwd? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      guard let memory = buffer.baseAddress else { return nil }
      let code = lookup(&entry, memory, buffer.count, &found)
      return code == 0 && found != nil ? entry : nil
    }
  }
}
