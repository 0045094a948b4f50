import BahariClient
import Foundation
import SwiftProtobuf
import Testing

@testable import bahari

struct CSVTests {
  private func parse(_ text: String, portions: [Int]) throws -> [CSVRecord] {
    var parser = CSVParser()
    var records: [CSVRecord] = []
    var rest = Array(text.utf8)[...]
    for portion in portions + [Int.max] {
      let bytes = Array(rest.prefix(portion))
      rest = rest.dropFirst(bytes.count)
      try bytes.withUnsafeBytes { raw in
        var offset = 0
        while let record = try parser.next(in: raw, at: &offset) { records.append(record) }
        #expect(offset == raw.count)
      }
    }
    if let last = try parser.finish() { records.append(last) }
    return records
  }

  private func texts(_ records: [CSVRecord]) -> [[String]] {
    records.map { $0.fields.map { String(decoding: $0.bytes, as: UTF8.self) } }
  }

  private let sample = "\u{feff}id,name\r\n1,\"a,\"\"b\"\"\r\nc\"\n2,\n3,\"\"\n4,Sé\u{1F41F}"

  @Test func everyCutGivesTheSameRecords() throws {
    let whole = try parse(sample, portions: [])
    #expect(texts(whole) == [["id", "name"], ["1", "a,\"b\"\r\nc"], ["2", ""], ["3", ""], ["4", "Sé\u{1F41F}"]])
    #expect(whole.map(\.line) == [1, 2, 4, 5, 6])
    #expect(whole[2].fields[1].isQuoted == false)
    #expect(whole[3].fields[1].isQuoted == true)
    for cut in 0...sample.utf8.count { #expect(try parse(sample, portions: [cut]) == whole) }
    #expect(try parse(sample, portions: Array(repeating: 1, count: sample.utf8.count)) == whole)
  }

  @Test(arguments: ["a,\"b\"c\n", "a,b\"c\n", "a\rb\n", "x\n\"never closed"])
  func brokenTextNamesItsLine(_ text: String) {
    let failure = #expect(throws: Failure.self) { try parse(text, portions: []) }
    #expect(failure?.message.contains("line ") == true)
  }

  @Test func tooLongARecordIsRefusedByLine() {
    let text = "a\n\"" + String(repeating: "x\n", count: CSVParser.longestRecord)
    let failure = #expect(throws: Failure.self) { try parse(text, portions: []) }
    #expect(failure?.message.contains("line 2") == true)
  }

  @Test func writerQuotesOnlyWhereNeeded() {
    var bytes: [UInt8] = []
    CSVWriter.write(
      ["a b", "a,b", "a\"b", "a\nb", "", "", nil], nullable: [true, true, true, true, true, false, true], to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "a b,\"a,b\",\"a\"\"b\",\"a\nb\",\"\",,\n")
  }

  @Test func planNamesColumnsThatDoNotExist() throws {
    let daemon = try Fixture.daemon()
    let target = try daemon.target("desa")
    func plan(_ header: String) throws -> ImportPlan {
      let record = try #require(try parse(header + "\n", portions: []).first)
      return try ImportPlan(header: record, target: target, schema: daemon.schema)
    }
    #expect(try plan("id,name,latitude").mask == ["name", "latitude"])
    for (header, part) in [("id,nama", "nama"), ("id,name,name", "twice"), ("id,version", "version")] {
      let failure = #expect(throws: Failure.self) { try plan(header) }
      #expect(failure?.message.contains(part) == true)
    }
    let failure = #expect(throws: Failure.self) { try plan("nope") }
    #expect(failure?.message.contains("district_id") == true)
  }

  @Test func planReadsValuesByType() throws {
    let daemon = try Fixture.daemon()
    let target = try daemon.target("desa")
    let records = try parse("id,name,alt_name,latitude\n7,,\"\",1e-05\nx,\"a\",b,0x10\n1,2\n", portions: [])
    let plan = try ImportPlan(header: records[0], target: target, schema: daemon.schema)
    let (row, faults) = plan.row(records[1])
    #expect(faults.isEmpty)
    #expect(row["id"] == .integer(7) && row["name"] == nil && row["alt_name"] == .text(""))
    #expect(row["latitude"] == .double(1e-05))
    #expect(plan.row(records[2]).faults.map(\.column) == ["id", "latitude"])
    #expect(plan.row(records[2]).faults.first?.text.hasPrefix("line 3: id: \"x\" is not") == true)
    #expect(plan.row(records[3]).faults.first?.cause.contains("2 fields") == true)
  }
}

/// The fast path of an export writes the same lines as records do.
struct WireCSVTests {
  @Test func pagesBecomeTheSameLinesAsRecords() throws {
    let daemon = try Fixture.daemon()
    let target = try daemon.target("desa")
    let page = Bahari_V1_ListDesaReply.with {
      $0.responseCode = "2000000"
      $0.data = [
        Fixture.desa, Bahari_V1_Desa(),
        .with { ($0.id, $0.name, $0.latitude, $0.longitude) = (-7, "a,\nb\r", 1e-05, -120) },
        .with { ($0.id, $0.name, $0.latitude, $0.provinceName) = (Int64.min, "é", 1e15, "ACEH") },
      ]
    }
    let bytes: [UInt8] = try page.serializedBytes()
    let type = try daemon.schema.message("bahari.v1.ListDesaReply")
    for selected in [target.columnNames, ["longitude", "id"], ["name"], ["version", "province_name"]] {
      var slow = RowOutput(target, daemon.schema, .csv, selected: selected)
      let rows = try RecordDecoder(schema: daemon.schema).decode(type, bytes).records("data")
      slow.csv(rows, withHeader: false, withJoined: false)
      var fast: [UInt8] = []
      var writer = try #require(WireCSV(type, target, selected))
      #expect(try writer.add(bytes, to: &fast) == rows.count)
      #expect(String(decoding: fast, as: UTF8.self) == String(decoding: slow.output.bytes, as: UTF8.self))
    }
    // A cut page is an error.
    var writer = try #require(WireCSV(type, target, ["id"]))
    var none: [UInt8] = []
    #expect(throws: Failure.self) { try writer.add(bytes.dropLast(), to: &none) }
  }

  @Test func timesAndNumbersAreWrittenAlike() throws {
    let daemon = try Fixture.daemon()
    let row = try daemon.schema.message("bahari.v1.Pegawai")
    let target = DescribedResource(info: .with { $0.name = "pegawai" }, row: row)
    let selected = target.columnNames
    let page = Bahari_V1_ListPegawaiReply.with {
      $0.data = [
        .with {
          ($0.id, $0.nip, $0.statusAktif, $0.alamat) = (1, "007", false, "")
          $0.createdAt = .with { ($0.seconds, $0.nanos) = (1_769_817_600, 500_000_000) }
          $0.lastLogin = .with { $0.seconds = -1 }
        }
      ]
    }
    let bytes: [UInt8] = try page.serializedBytes()
    let type = try daemon.schema.message("bahari.v1.ListPegawaiReply")
    var slow = RowOutput(target, daemon.schema, .csv, selected: selected)
    slow.csv(
      try RecordDecoder(schema: daemon.schema).decode(type, bytes).records("data"), withHeader: false,
      withJoined: false)
    var fast: [UInt8] = []
    var writer = try #require(WireCSV(type, target, selected))
    #expect(try writer.add(bytes, to: &fast) == 1)
    #expect(fast == slow.output.bytes && fast.count > 20)
  }
}
