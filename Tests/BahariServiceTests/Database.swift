import BahariCatalog
import BahariMessage
import BahariMigration
import BahariPostgres
import SwiftProtobuf
import TestSupport
import Testing

@testable import BahariService

/// Databases with the schema, and the tables as they are served from them.
enum Regions {
  private static let template = "service_regions"
  private static let made = Task {
    try await TestCluster.shared().template(named: template) { conninfo in
      _ = try SchemaVersions.migrate(try Session(ConnectionOptions(conninfo: conninfo)))
    }
  }

  /// A fresh database with empty tables.
  static func database(_ name: String) async throws -> (conninfo: String, session: Session) {
    try await made.value
    let conninfo = try await TestCluster.shared().database(named: "service_\(name)", from: template)
    return (conninfo, try Session(ConnectionOptions(conninfo: conninfo)))
  }

  private static let bound = Task {
    let (_, session) = try await database("bound")
    return try Resources(Catalog.tables, try LiveSchema(session))
  }

  /// The tables as bound to a database that has them.
  static func resource(_ entity: String) async throws -> Resource {
    try #require(try await bound.value.all.first { $0.table.entity == entity })
  }
}

/// `message` as the server reads it, for a method of an entity's service.
func request(
  _ message: some SwiftProtobuf.Message, _ entity: String, _ method: String
) throws -> BahariMessage.Message {
  let type = try #require(Descriptors.service("bahari.v1.\(entity)Service")?.method(method)?.input)
  let bytes: [UInt8] = try message.serializedBytes()
  return try bytes.withUnsafeBytes { try BahariMessage.Message($0, as: type) }
}
