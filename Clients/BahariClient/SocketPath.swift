import Glibc

/// The path of the daemon's socket.
public enum SocketPath {
  /// The path that clients and daemon use unless told otherwise, the first of these that applies: the value of
  /// `BAHARI_SOCKET`; `/run/bahari/bahari.sock` for root; `$XDG_RUNTIME_DIR/bahari.sock`; `~/.bahari/bahari.sock`.
  public static var standard: String {
    standard(isRoot: geteuid() == 0) { name in getenv(name).map { String(cString: $0) } }
  }

  static func standard(isRoot: Bool, environment: (String) -> String?) -> String {
    func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    if let path = value("BAHARI_SOCKET") { return path }
    if isRoot { return "/run/bahari/bahari.sock" }
    if let folder = value("XDG_RUNTIME_DIR") { return folder + "/bahari.sock" }
    return (value("HOME") ?? ".") + "/.bahari/bahari.sock"
  }
}
