import BahariCatalog
import BahariMessage
import BahariMigration
import BahariPostgres
import SwiftProtobuf
import TestSupport
import Testing

@testable import BahariService

/// The catalog's tables as they are served from a database that has them.
enum BoundTables {
  private static let bound = Task(executorPreference: BlockingExecutor.service) {
    try Resources(Catalog.tables, try LiveSchema(try await MigratedDatabase.make("bound").session()))
  }

  static func all() async throws -> [Resource] { try await bound.value.all }

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
