import BahariClient
import FakeDaemon
import Foundation
import Testing

@testable import bahari

/// Output for people and for programs.
struct OutputTests {
  private func table(_ width: Int?, before: TableText.Fit? = nil) -> (lines: [String], fit: TableText.Fit) {
    var bytes: [UInt8] = []
    let table = TableText(
      columns: [
        .init(title: "id", isNumber: true), .init(title: "nama", isNumber: false),
        .init(title: "alamat", isNumber: false), .init(title: "gt", isNumber: true),
      ],
      rows: [
        ["1", String(repeating: "n", count: 20), String(repeating: "a", count: 40), "12.50"], ["2", "x", nil, "7"],
      ],
      screen: Screen(width: width), before: before)
    let fit = table.write(to: &bytes)
    return (String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init), fit)
  }

  @Test func tablesFitTheScreen() {
    // Whole, cut, and with columns left out.
    #expect(table(nil).fit.widths == [2, 20, 40, 5] && table(80).fit.widths == [2, 20, 40, 5])
    for width in 20...72 {
      let (lines, fit) = table(width)
      #expect(lines.allSatisfy { $0.count <= width }, "\(width): \(lines)")
      #expect(fit.widths.count + fit.hidden == 4)
    }
    let cut = table(45)
    #expect(cut.fit == TableText.Fit(widths: [2, 16, 16, 5]))
    #expect(cut.lines[2] == " 1  nnnnnnnnnnnnnnn…  aaaaaaaaaaaaaaa…  12.50")
    #expect(table(25).fit == TableText.Fit(widths: [2, 20], hidden: 2))
  }

  @Test func continuedTableKeepsItsColumns() {
    let first = TableText.Fit(widths: [3, 10], hidden: 2)
    #expect(table(80, before: first).fit == first)
    #expect(table(nil, before: TableText.Fit(widths: [9, 9, 9, 9])).fit.widths == [9, 20, 40, 9])
  }

  @Test func coloursAreForScreensThatHaveThem() {
    var bytes: [UInt8] = []
    TableText(columns: [.init(title: "a", isNumber: false)], rows: [[nil]], screen: Screen(width: 80, isColoured: true))
      .write(to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self).contains("\u{1b}[2mNULL\u{1b}[0m"))
    #expect(ErrorReport(Failure(.notFound, "x")).block(.plain) == "error: x\n  (NOT_FOUND)")
  }

  @Test func errorsAreBlocksAndObjects() throws {
    var error = BahariError(.failedPrecondition, "data.province_id: refers to nothing", outcome: .unknown)
    error.responseCode = "4000001"
    error.violations = [.init(field: "data.province_id", description: "refers to nothing", reason: "MISSING")]
    error.metadata["request_id"] = "abc"
    let report = ErrorReport(error)
    #expect(
      report.block() == """
        error: data.province_id: refers to nothing
          (FAILED_PRECONDITION 4000001, outcome unknown)
          repeat it with --request-id abc: it takes effect once
        """)
    error.outcome = .applied
    #expect(
      ErrorReport(error).block().hasSuffix(
        ", outcome applied)\n  the write is done, only the reply is missing: do not repeat it"))
    let json = try JSONParser.parse(report.json)
    guard case .object(let members) = json, case .object(let inner)? = members.last?.value else {
      Issue.record("no object: \(report.json)")
      return
    }
    #expect(members.map(\.name) == ["responseCode", "responseMessage", "message", "error"])
    #expect(members[0].value == .string("4000001") && members[1].value == .string("Failed precondition"))
    #expect(inner.map(\.name) == ["code", "outcome", "violations", "requestId", "advice"])
  }

  @Test func usageErrorsAreObjectsToo() async throws {
    let daemon = try VillageDaemon().start()
    for arguments in [["list", "desa", "--nonsense", "-o", "json"], ["list", "ikan", "--output=json"]] {
      let ran = try await Command.run(arguments, socket: daemon.path)
      #expect(ran.status == 64 && ran.output.isEmpty)
      #expect(ran.error.hasPrefix(#"{"responseCode":"4000000","responseMessage":"Invalid argument","#), "\(ran.error)")
      _ = try JSONParser.parse(ran.error)
    }
  }

  @Test func namesAndWideTables() async throws {
    let villages = VillageDaemon()
    let daemon = try villages.start()
    let names = try await Command.run(["list", "desa", "-o", "name"], socket: daemon.path)
    #expect(names.output == "desa/1101012001\n" && names.error == "")
    #expect(try ListRequest(serializedBytes: try #require(villages.seen("List").last)).fields == ["id"])
    let wide = try await Command.run(["list", "desa", "-o", "wide"], socket: daemon.path)
    #expect(wide.output.contains("version") && wide.output.contains("771"), "\(wide.output) \(wide.error)")
    let report = try await Command.run(["report", "x", "-o", "name"], socket: daemon.path)
    #expect(report.status == 64 && report.error.contains("have no ids"))
  }

  @Test func statesAreReadBack() throws {
    var state = ImportState(run: "abc", options: "--batch 10 --map a b=c")
    var place = ImportPlace()
    Array("id,name\n".utf8).withUnsafeBytes { place.add($0) }
    place.line = 7
    state.take(3, place, ImportSummary(created: 1, updated: 2, unchanged: 3, failed: 4))
    #expect(ImportState(state.text) == state && place.offset == 8)
    state.rejects = RejectsPlace(path: "/a b/bad.csv", size: 12)
    #expect(ImportState(state.text) == state)
    #expect(ImportState("bahari-import 2\n") == nil && ImportState("") == nil)
    state.savedAt -= 90_000
    #expect(state.isForgotten && ImportState(state.text)?.isForgotten == true)
  }

  /// Rejects of a batch that was not done are cut off, since the batch is sent again.
  @Test func rejectsContinueBehindTheBatchesThatAreDone() throws {
    let folder = NSTemporaryDirectory() + "rejects-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
    let fault = { RowFault(line: $0, column: "name", cause: "is missing") }
    var rejects: Rejects? = try Rejects("\(folder)/bad.csv", header: ["id"], continues: false)
    try rejects?.add(fault(2), nil)
    let known = try #require(rejects).place
    try rejects?.add(fault(9), nil)
    rejects = try Rejects("\(folder)/bad.csv", header: ["id"], continues: true, before: known)
    try rejects?.add(fault(9), nil)
    #expect(try text("bad.csv") == "line,column,cause,id\n2,name,is missing\n9,name,is missing\n")
    #expect(rejects?.place.size == (try text("bad.csv")).utf8.count)
    // A file with another name is continued, and a new import overwrites the file.
    try "kept\n".write(toFile: "\(folder)/other.csv", atomically: true, encoding: .utf8)
    try Rejects("\(folder)/other.csv", header: ["id"], continues: true, before: known).add(fault(3), nil)
    #expect(try text("other.csv") == "kept\n3,name,is missing\n")
    _ = try Rejects("\(folder)/bad.csv", header: ["id"], continues: false)
    #expect(try text("bad.csv") == "line,column,cause,id\n")
  }
}
