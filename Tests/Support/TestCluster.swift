import BahariCluster
import Foundation
import Subprocess

/// One cluster for all tests of the process, in a temporary folder, without durability.
///
///     let cluster = try await TestCluster.shared()
///     let conninfo = try await cluster.database(named: "list_query")
///
/// A reaper stops and deletes it when this process ends, however that happens.
package final class TestCluster: Sendable {
  package let cluster: Cluster
  private static let made = Task { try await TestCluster() }

  package static func shared() async throws -> TestCluster { try await made.value }

  private init() async throws {
    let folder = try TemporaryFolder.make()
    try Reaper.watch(folder, binaries: try await ServerBinaries.find())
    cluster = try await Cluster.start(in: folder, durable: false)
  }

  /// A fresh database of this name, a copy of `template`; an older one of the name is dropped.
  package func database(named name: String, from template: String = "template1") async throws -> String {
    try await execute("DROP DATABASE IF EXISTS \(quoted(name)) WITH (FORCE)")
    try await execute("CREATE DATABASE \(quoted(name)) TEMPLATE \(quoted(template))")
    return cluster.conninfo(database: name)
  }

  /// Makes a database that others are copied from: `prepare` fills it, and leaves no session open in it.
  package func template(named name: String, prepare: (_ conninfo: String) async throws -> Void) async throws {
    try await prepare(try await database(named: name))
  }

  /// Runs SQL with psql and gives its rows, columns separated by `|`.
  @discardableResult
  package func execute(_ sql: String, in database: String = Cluster.database) async throws -> String {
    try await Psql.run(sql, conninfo: cluster.conninfo(database: database), binaries: cluster.binaries)
  }

  private func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}

/// psql, of the same version as the server.
package enum Psql {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Each line of `sql` without a semicolon inside is one statement of its own transaction, as psql has it.
  @discardableResult
  package static func run(_ sql: String, conninfo: String, binaries: ServerBinaries) async throws -> String {
    let file = try InputFile(sql.utf8)
    defer { withExtendedLifetime(file) {} }
    let result = try await Subprocess.run(
      .path(.init(binaries.folder + "/psql")),
      arguments: ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-f", "-"],
      input: file.input, output: .string(limit: 1_048_576), error: .string(limit: 65_536))
    guard result.terminationStatus.isSuccess else {
      throw Failure(description: "psql: \(result.standardError) in: \(sql)")
    }
    return result.standardOutput.trimmingCharacters(in: .newlines)
  }
}
