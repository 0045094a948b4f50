import BahariMigration
import BahariPostgres
import Synchronization

/// A database with the schema and with empty tables: migrated once, copied for each test.
package struct MigratedDatabase: Sendable {
  package let name: String
  package let conninfo: String

  private static let template = "migrated"
  private static let count = Atomic<Int>(0)
  /// On a thread of its own: other suites wait for it.
  private static let made = Task(executorPreference: BlockingExecutor(threads: 1)) {
    try await TestCluster.shared().template(named: template) { conninfo in
      _ = try SchemaVersions.migrate(try Session(ConnectionOptions(conninfo: conninfo)))
    }
  }

  /// A new one. Its name begins with `name`, and no other has it: tests with several cases run side by side.
  package static func make(_ name: String) async throws -> MigratedDatabase {
    try await made.value
    let name = "\(name)_\(count.add(1, ordering: .relaxed).newValue)"
    return MigratedDatabase(
      name: name, conninfo: try await TestCluster.shared().database(named: name, from: template))
  }

  package func session() throws -> Session { try Session(ConnectionOptions(conninfo: conninfo)) }
}
