import Glibc

/// The account that runs PostgreSQL, which refuses to run as root.
struct Account: Sendable, Equatable {
  let name: String
  let user: uid_t
  let group: gid_t
  /// This process is root, so PostgreSQL's programs must run as another account.
  let stepsDown: Bool

  /// The accounts to choose from when this process is root.
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

  /// The command that runs `path` as this account, with no group but the account's own.
  ///
  /// Uses setpriv instead of Subprocess's options: these call setgroups in the forked child, where glibc waits forever
  /// for threads that only the parent has.
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

  /// The entry's numbers are valid afterwards, its texts only during the call.
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
