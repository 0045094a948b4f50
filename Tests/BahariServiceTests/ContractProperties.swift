import BahariCatalog
import BahariClient
import BahariFrame
import BahariMessage
import SwiftProtobuf
import TestSupport
import Testing

@testable import BahariService

/// The design's correctness properties that are about rows and replies; Property 3 is in `DesignTests`.
@Suite("Contract: properties of the design", .contract) struct ContractProperties {
  // MARK: Property 4

  @Test("Property 4: rows of any table are created, read, updated and deleted") func crud() async throws {
    let seed: UInt64 = 4
    print("Property 4: seed \(seed)")
    var random = Seeded(seed)
    for round in 0..<5 {
      for table in ContractTests.tables {
        let subject = try await Subject.alone(table)
        let row = try await subject.maker.random(subject.resource, using: &random)
        let made = try await subject.call(.create, ["data": [.message(row)]])
        let note: Comment = "seed \(seed), round \(round) of \(table): \(row)"
        #expect(made.message("data")?.only(row.keys) == row, note)
        let id = try #require(made.message("data")?.number("id"), note)
        #expect(try await subject.get(id).only(row.keys) == row, note)
        let other = try await subject.maker.random(subject.resource, using: &random).only(subject.changeable)
        if !other.isEmpty {
          // Columns that have an order are set together; those that the other row leaves out become NULL.
          let mask = Set(other.keys).union(subject.ordered).sorted()
          let changed = try await subject.call(.update, subject.request(id, other, mask: mask))
          #expect(changed.message("data")?.only(other.keys) == other, note)
          #expect(try await subject.get(id).only(other.keys) == other, note)
        }
        _ = try await subject.call(.delete, ["id": [.number(id)]])
        try await subject.refuses(.get, ["id": [.number(id)]], .notFound)
      }
    }
  }

  // MARK: Property 5

  @Test("Property 5: every old endpoint has a call with the same reply", arguments: Endpoint.all)
  func envelope(_ endpoint: Endpoint) async throws {
    let subject = try await Subject.alone(endpoint.table)
    let row = try await subject.create(1)
    _ = try await subject.create(2)
    let request = try await endpoint.request(subject, row)
    let reply = try await subject.call(endpoint.method, request)
    #expect(reply.text("response_code") == "2000000" && reply.text("response_message") == "Success")
    #expect(reply.text("message")?.isEmpty == false)
    let columns = Set(subject.resource.columns.map(\.name))
    let names = columns.union(subject.resource.table.joined.map(\.field)).union(["version"])
    let rows = reply.messages("data")
    #expect(!rows.isEmpty && rows.allSatisfy { names.isSuperset(of: $0.keys) && $0["id"] != nil })
    if ["List", "ListWithRelations"].contains(endpoint.method.name) {
      let pagination = try #require(reply.message("pagination"))
      let numbers = ["total_pages", "current_page", "page", "limit"].map { pagination.number($0) }
      #expect(numbers == [1, 1, 1, 10] && pagination.number("total") == Int64(rows.count))
      #expect(rows.contains { $0["id"] == row["id"] })
    } else {
      #expect(rows.count == 1 && reply["pagination"] == nil)
    }
  }

  // MARK: Property 8

  @Test("Property 8: the client's rows and the server's are the same", arguments: ContractTests.tables)
  func layers(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    let resource = subject.resource
    let type = try #require(resource.table.rowDescriptor)
    // By name, so that a new table's type is found here without being written down.
    let name = "Bahari_V1_\(resource.table.entity)"
    let mangled = "12BahariClient\(name.utf8.count)\(name)V"
    let client = try #require(_typeByName(mangled) as? any SwiftProtobuf.Message.Type, "no \(name)")
    var random = Seeded(8)
    for _ in 0..<20 {
      var row = try await subject.maker.random(resource, using: &random)
      for column in resource.columns where column.holdsIDs { row[column.name] = [.number(11), .number(-1)] }
      for field in type.fields where field.number >= 90 { row[field.name] = [.text("é \(random.next())")] }
      let bytes = type.bytes(row)
      let written: [UInt8] = try client.roundTrip(bytes)
      let message = try written.withUnsafeBytes { try BahariMessage.Message($0, as: type) }
      #expect(message.unknownField == nil && message.asFields == row)
      #expect(try client.isSame(written, type.bytes(message.asFields)))
    }
  }
}

extension SwiftProtobuf.Message {
  /// `bytes` read and written by the client, which has to know every field.
  fileprivate static func roundTrip(_ bytes: [UInt8]) throws -> [UInt8] {
    let message = try Self(serializedBytes: bytes)
    try #require(message.unknownFields.data.isEmpty)
    return try message.serializedBytes()
  }

  fileprivate static func isSame(_ first: [UInt8], _ second: [UInt8]) throws -> Bool {
    try Self(serializedBytes: first).isEqualTo(message: try Self(serializedBytes: second))
  }
}

extension RowMaker {
  /// A row with texts of any length and script, and without some of the optional fields.
  func random(_ resource: BahariService.Resource, using random: inout Seeded) async throws -> Fields {
    var row = try await row(resource, Int.random(in: 1...100_000, using: &random))
    for column in RowMaker.given(resource) where row[column.name] != nil {
      let isBound = resource.live.isUnique(column.name) || resource.live.foreignKey(of: column.name) != nil
      if !column.isMandatory, Bool.random(using: &random) {
        row[column.name] = nil
      } else if [.text, .varchar].contains(column.type), column.allowed == nil, !isBound, Bool.random(using: &random) {
        let most = min(column.live.maximumLength ?? 40, 40)
        let alphabet = Array("aZ0 %\\\"\n\u{1}éß漁🐟".unicodeScalars)
        var text = ""
        for _ in 0..<Int.random(in: 0...most, using: &random) {
          text.unicodeScalars.append(alphabet[Int.random(in: alphabet.indices, using: &random)])
        }
        row[column.name] = [.text(text)]
      }
    }
    return row
  }
}
