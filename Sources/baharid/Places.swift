import Foundation

/// The paths of the socket and of the data directory, from the options or by default.
enum Places {
  /// Returns the path of the socket to serve on. Creates the folder of the default path.
  static func socket(_ given: String?) throws -> String {
    let environment = ProcessInfo.processInfo.environment
    if let path = given ?? environment["BAHARI_SOCKET"], !path.isEmpty { return path }
    if geteuid() == 0 { return try make("/run/bahari", mode: 0o755) + "/bahari.sock" }
    if let runtime = environment["XDG_RUNTIME_DIR"], !runtime.isEmpty { return runtime + "/bahari.sock" }
    return try make(NSHomeDirectory() + "/.bahari", mode: 0o700) + "/bahari.sock"
  }

  /// Returns the data directory of the private PostgreSQL, and creates it. The default directory is called `name`.
  static func data(_ given: String?, named name: String) throws -> String {
    if let given { return try make(given, mode: 0o755) }
    if geteuid() == 0 { return try make("/var/lib/\(name)", mode: 0o755) }
    let environment = ProcessInfo.processInfo.environment
    let base = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.local/share"
    return try make(base + "/\(name)", mode: 0o700)
  }

  private static func make(_ folder: String, mode: Int) throws -> String {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    } catch {
      throw PlaceError(description: "\(folder) cannot be created: \(error.localizedDescription)")
    }
    return URL(fileURLWithPath: folder).standardizedFileURL.path
  }
}

struct PlaceError: Error, CustomStringConvertible {
  let description: String
}
