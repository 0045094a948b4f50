import BahariClient
import BahariFrame
import SwiftProtobuf
import TestSupport
import Testing

@testable import BahariMessage

/// Messages that swift-protobuf writes are read through protobuf-c with the same values.
@Suite("Messages") struct MessageTests {
  private func field(_ message: BahariMessage.Message, _ name: String) throws -> FieldDescriptor {
    try #require(message.descriptor.field(name), "\(name)")
  }

  @Test("nothing is present in an empty message") func absent() throws {
    let empty = try read([], as: try Types.batch())
    for field in empty.descriptor.fields { #expect(!empty.has(field), "\(field.name)") }
    #expect(empty.message(try field(empty, "update_mask")) == nil)
    #expect(empty.messages(try field(empty, "data")).isEmpty)
    #expect(empty.string(try field(empty, "request_id")) == nil)
    #expect(empty.text(try field(empty, "request_id")) == nil)
    let list = try read([], as: try Types.list())
    #expect(list.strings(try field(list, "sort")).isEmpty)
    #expect(list.count(try field(list, "sort")) == 0)
    #expect(list.messages(try field(list, "page")).isEmpty, "no list of messages in a number")
    #expect(list.unknownField == nil)
  }

  @Test("zero, false and the empty text are present when they are sent") func zeros() throws {
    var request = Bahari_V1_CreateDesaRequest()
    request.data.id = 0
    request.data.name = ""
    request.data.latitude = 0
    request.dryRun = false
    let message = try read(try request.serializedBytes() as [UInt8], as: try Types.create())
    #expect(message.has(try field(message, "dry_run")))
    #expect(!message.bool(try field(message, "dry_run")))
    let row = try #require(message.message(try field(message, "data")))
    for name in ["id", "name", "latitude"] { #expect(row.has(try field(row, name)), "\(name)") }
    for name in ["district_id", "alt_name", "longitude", "version"] {
      #expect(!row.has(try field(row, name)), "\(name)")
    }
    #expect(row.string(try field(row, "name")) == "")
    #expect(row.text(try field(row, "name"))?.count == 0)
  }

  @Test("the ends of every kind's range") func extremes() throws {
    for value in [Int64.min, -1, 0, 1, .max] {
      var request = Bahari_V1_GetRequest()
      request.id = value
      let message = try read(try request.serializedBytes() as [UInt8], as: try Types.input("Desa", "Get"))
      #expect(message.int64(try field(message, "id")) == value)
    }
    for value in [Int32.min, -1, 0, 1, .max] {
      var request = Bahari_V1_ListRequest()
      request.page = value
      let message = try read(try request.serializedBytes() as [UInt8], as: try Types.list())
      #expect(message.int32(try field(message, "page")) == value)
    }
    for value in [-0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.infinity, .nan] {
      var request = Bahari_V1_CreateDesaRequest()
      request.data.latitude = value
      let message = try read(try request.serializedBytes() as [UInt8], as: try Types.create())
      let row = try #require(message.message(try field(message, "data")))
      #expect(row.double(try field(row, "latitude")).bitPattern == value.bitPattern)
    }
    var request = Bahari_V1_ListRequest()
    request.count = .none
    let message = try read(try request.serializedBytes() as [UInt8], as: try Types.list())
    #expect(message.int32(try field(message, "count")) == 2)
  }

  @Test("2,000 random requests are read as swift-protobuf wrote them") func random() throws {
    let type = try Types.batch()
    var random = Seeded(11)
    for round in 0..<2_000 {
      let request = Bahari_V1_BatchUpsertDesaRequest.random(using: &random)
      let message = try read(try request.serializedBytes() as [UInt8], as: type)
      try #require(try Bahari_V1_BatchUpsertDesaRequest(reading: message) == request, "round \(round)")
      #expect(message.unknownField == nil)
    }
  }

  @Test("a message encoded in several pieces is read as one") func merged() throws {
    let type = try Types.batch()
    var random = Seeded(12)
    for round in 0..<1_000 {
      let pieces = try (0..<3).map { _ in
        try Bahari_V1_BatchUpsertDesaRequest.random(using: &random).serializedBytes() as [UInt8]
      }
      let bytes = Array(pieces.joined())
      let expected = try Bahari_V1_BatchUpsertDesaRequest(serializedBytes: bytes)
      try #require(
        try Bahari_V1_BatchUpsertDesaRequest(reading: try read(bytes, as: type)) == expected, "round \(round)")
    }
  }

  @Test("2,000 random filters are read as swift-protobuf wrote them") func filters() throws {
    var random = Seeded(13)
    for round in 0..<2_000 {
      var request = Bahari_V1_ListRequest()
      request.filter = .random(depth: 8, using: &random)
      let message = try read(try request.serializedBytes() as [UInt8], as: try Types.list())
      let filter = try #require(message.message(try field(message, "filter")))
      try #require(try Bahari_V1_Filter(reading: filter) == request.filter, "round \(round)")
    }
  }

  @Test("the rows outlive the message they were taken from") func lifetime() throws {
    func rows() throws -> [BahariMessage.Message] {
      var request = Bahari_V1_BatchUpsertDesaRequest()
      request.data = (0..<100).map { number in .with { $0.name = "Desa \(number)" } }
      let message = try read(try request.serializedBytes() as [UInt8], as: try Types.batch())
      return message.messages(try field(message, "data"))
    }
    let names = try rows().map { try $0.string(field($0, "name")) }
    #expect(names == (0..<100).map { "Desa \($0)" })
  }
}
