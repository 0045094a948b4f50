import TestSupport

/// A database with the demo's country. One is filled, which takes a while, and copied for each test.
struct FilledDemo: Sendable {
  let conninfo: String
  /// The output of the demo that filled the database.
  let output: String

  private static let template = "demo_filled"
  private static let filled = Task {
    let conninfo = try await TestCluster.shared().database(named: template)
    let demo = try Daemon(socket: try Place.fresh("sock"), ["--database", conninfo], command: "demo")
    try await demo.says("  bahari bench", within: 300)
    let exit = try await demo.stop()
    guard exit == 0 else { throw Trouble("the demo ended with \(exit): \(demo.child.standardError)") }
    return demo.child.standardOutput
  }

  static func copy(_ database: String) async throws -> FilledDemo {
    let output = try await filled.value
    let conninfo = try await TestCluster.shared().database(named: database, from: template)
    return FilledDemo(conninfo: conninfo, output: output)
  }

  /// Starts a demo on it and does not wait for it.
  func start(_ arguments: String...) throws -> Daemon {
    try Daemon(socket: try Place.fresh("sock"), ["--database", conninfo] + arguments, command: "demo")
  }
}
