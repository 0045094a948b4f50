import BahariClient
import SwiftProtobuf
import Testing

@testable import bahari

/// Compares the codec by descriptors with the generated messages.
struct CodecTests {
  private func decode(_ message: some Message) throws -> (DescribedDaemon, Record) {
    let daemon = try Fixture.daemon()
    let type = try daemon.schema.message(type(of: message).protoMessageName)
    return (daemon, try RecordDecoder(schema: daemon.schema).decode(type, message.serializedBytes()))
  }

  @Test func rowsDecodeAndEncodeToTheSameMessage() throws {
    let (_, record) = try decode(Fixture.desa)
    #expect(record["id"] == .integer(1_101_012_001) && record["latitude"] == .double(2.9310948))
    #expect(record["alt_name"] == .text("") && record["district_name"] == nil)
    #expect(try Bahari_V1_Desa(serializedBytes: record.encoded()) == Fixture.desa)
  }

  @Test func nestedRequestsRoundTrip() throws {
    let request = Bahari_V1_UpdateDesaRequest.with {
      $0.data = Fixture.desa
      $0.updateMask.paths = ["name", "alt_name"]
      $0.dryRun = true
    }
    let (_, record) = try decode(request)
    #expect(record["update_mask"] == .mask(["name", "alt_name"]))
    #expect(try Bahari_V1_UpdateDesaRequest(serializedBytes: record.encoded()) == request)
  }

  @Test func masksInJSONHoldNames() throws {
    let daemon = try Fixture.daemon()
    let type = try daemon.schema.message("bahari.v1.UpdateDesaRequest")
    func record(_ json: String) throws -> Record {
      try RecordFromJSON(schema: daemon.schema).record(type, JSONParser.parse(json))
    }
    #expect(try record(#"{"update_mask": ["a", "b"]}"#) == record(#"{"update_mask": "a,b"}"#))
    let failure = #expect(throws: Failure.self) { try record(#"{"update_mask": ["a", 1]}"#) }
    #expect(failure?.message.contains("update_mask") == true)
  }

  @Test func packedAndSignedScalarsRoundTrip() throws {
    let field = { (number: UInt32, kind: Field.Kind, isRepeated: Bool) in
      Field(number: number, name: "f\(number)", kind: kind, isRepeated: isRepeated)
    }
    let type = MessageType(
      name: "t.Scalars",
      fields: [
        field(1, .sint64, false), field(2, .int64, true), field(3, .sfixed32, false), field(4, .float, false),
        field(5, .fixed64, true), field(6, .int32, false),
      ])
    var record = Record(type)
    record["f1"] = .integer(-3)
    record["f2"] = .list([.integer(1), .integer(-1)])
    record["f3"] = .integer(-7)
    record["f4"] = .float(1.5)
    record["f5"] = .list([.unsigned(9)])
    record["f6"] = .integer(Int64(Int32.min))
    let decoder = RecordDecoder(schema: try Fixture.daemon().schema)
    #expect(try decoder.decode(type, record.encoded()) == record)
    // The same list, packed.
    let packed: [UInt8] = [0x12, 0x02, 0x01, 0x05, 0x2a, 0x08, 9, 0, 0, 0, 0, 0, 0, 0]
    let read = try decoder.decode(type, packed)
    #expect(read["f2"] == .list([.integer(1), .integer(5)]) && read["f5"] == .list([.unsigned(9)]))
  }

  @Test func malformedMessagesAreErrors() throws {
    let daemon = try Fixture.daemon()
    let type = try daemon.schema.message("bahari.v1.Desa")
    let decoder = RecordDecoder(schema: daemon.schema)
    // Cut short; a text that is a number; a text that is not UTF-8; a group.
    for bytes in [[0x1a, 0x05, 0x41], [0x18, 0x01], [0x1a, 0x01, 0xff], [0x0b]] as [[UInt8]] {
      #expect(throws: Failure.self) { try decoder.decode(type, bytes) }
    }
    var deep: [UInt8] = []
    for _ in 0..<40 {
      let inner = deep
      deep = [0x32] + (inner.count < 128 ? [UInt8(inner.count)] : [UInt8(inner.count & 127 | 128), 1]) + inner
    }
    let filter = try daemon.schema.message("bahari.v1.Filter")
    #expect(throws: Failure.self) { try decoder.decode(filter, deep) }
  }

  @Test func listsAreWrittenWithTheEnvelopeInCamelCase() throws {
    let reply = Bahari_V1_ListDesaReply.with {
      $0.responseCode = "2000000"
      $0.responseMessage = "Success"
      $0.message = "Daftar\tdesa"
      $0.data = [Fixture.desa, .with { $0.provinceName = "ACEH" }]
      $0.pagination = .with {
        $0.total = 2
        $0.totalPages = 1
        $0.currentPage = 1
        $0.page = 1
        $0.limit = 10
      }
    }
    let (daemon, record) = try decode(reply)
    let row = try daemon.schema.message("bahari.v1.Desa")
    func text(_ selected: [String]) -> String {
      JSONText(schema: daemon.schema, layouts: [row.name: RowLayout(row, selected: selected)]).text(of: record)
    }
    let pagination = #""pagination":{"total":2,"totalPages":1,"currentPage":1,"page":1,"limit":10}}"#
    let head = #"{"responseCode":"2000000","responseMessage":"Success","message":"Daftar\tdesa","data":["#
    let first =
      #"{"id":1101012001,"district_id":110101,"name":"Keude \"Bakongan\"","alt_name":"","latitude":2.9310948,"#
      + #""longitude":-1e-05,"version":"771"}"#
    let second =
      #"{"id":null,"district_id":null,"name":null,"alt_name":null,"latitude":null,"longitude":null,"#
      + #""province_name":"ACEH"}"#
    #expect(text([]) == head + first + "," + second + "]," + pagination)
    #expect(text(["name", "id"]).contains(#""data":[{"name":"Keude \"Bakongan\"","id":1101012001},{"#))
  }

  @Test func emptyListsKeepTheirData() throws {
    let (daemon, record) = try decode(Bahari_V1_ListDesaReply.with { $0.responseCode = "2000000" })
    #expect(JSONText(schema: daemon.schema).text(of: record) == #"{"responseCode":"2000000","data":[]}"#)
  }

  @Test func jsonBecomesAMessage() throws {
    let daemon = try Fixture.daemon()
    func message(_ type: String, _ json: String) throws -> [UInt8] {
      try RecordFromJSON(schema: daemon.schema).record(daemon.schema.message(type), JSONParser.parse(json)).encoded()
    }
    let json = #"{"filter":{"not":{"field":"name","operator":"in","values":["a"]}},"count":"NONE","page":2}"#
    let list = try ListRequest(serializedBytes: message("bahari.v1.ListRequest", json))
    #expect(list.filter.not.values == ["a"] && list.count == .none && list.page == 2)
    let update = try Bahari_V1_UpdateDesaRequest(
      serializedBytes: message(
        "bahari.v1.UpdateDesaRequest", #"{"data":{"id":"5","latitude":-1.5},"updateMask":"latitude,name"}"#))
    #expect(update.data.id == 5 && update.data.latitude == -1.5 && update.updateMask.paths == ["latitude", "name"])
    for broken in [#"{"nope":1}"#, #"{"page":"x"}"#, #"{"sort":"id"}"#, "[]", #"{"count":"ALL"}"#] {
      #expect(throws: Failure.self) { try message("bahari.v1.ListRequest", broken) }
    }
  }

  @Test func namesAreFoundAndErrorsListThem() throws {
    let daemon = try Fixture.daemon()
    let failure = #expect(throws: Failure.self) { try daemon.target("kapal") }
    #expect(failure?.message.contains("desa, provinsi") == true)
    #expect(try CallCommand.find("DesaService/Export", in: daemon.schema).streams)
    #expect(throws: Failure.self) { try CallCommand.find("DesaService/Nope", in: daemon.schema) }
    #expect(throws: Failure.self) { try CallCommand.find("Desa", in: daemon.schema) }
  }
}
