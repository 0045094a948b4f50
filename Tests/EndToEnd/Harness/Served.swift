import TestSupport
import Testing

extension Daemon {
  /// How many suites and tests may have daemons of their own at a time: each takes some of the shared cluster's
  /// connections, and a processor while it starts.
  static let turns = Turns(4)

  /// The daemon of the suite; see `.served`.
  @TaskLocal static var ofSuite: Daemon?
}

/// Gives a suite a daemon on a new database with a few regions in it, and expects it to end well. The suite's tests take
/// turns on the daemon: they lock its tables, count its rows and change what others list.
struct Served: SuiteTrait, TestTrait, TestScoping {
  let database: String
  let isRecursive = true
  private let turns = Turns(1)

  init(database: String) { self.database = database }

  /// Once for the suite, around all of its tests, and once for each case of a test.
  func scopeProvider(for test: Test, testCase: Test.Case?) -> Served? {
    test.isSuite || testCase != nil ? self : nil
  }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    guard test.isSuite else { return try await turns.take(body) }
    try await Daemon.turns.take {
      let daemon = try await Daemon.serving(database: database, ["--allow-unsafe-durability"])
      try await daemon.sql(Regions.sql)
      try await Daemon.$ofSuite.withValue(daemon) { try await body() }
      let exit = try await daemon.stop()
      #expect(exit == 0, "\(daemon.child.standardError)")
    }
  }
}

extension Trait where Self == Served {
  static func served(_ database: String) -> Served { Served(database: database) }
}

extension Trait where Self == OffPool {
  /// For suites whose tests start daemons themselves.
  static var startsDaemons: OffPool { .offPool(.endToEnd, atOnce: Daemon.turns) }
}
