import BahariClient
import FakeDaemon
import Foundation
import Testing

@testable import bahari

/// The program against `VillageDaemon`, a fake daemon.
@Suite(.timeLimit(.minutes(2)))
struct CommandTests {
  private let villages = VillageDaemon()

  @Test func importedFileComesBackByteForByte() async throws {
    let daemon = try villages.start()
    var file = "id,district_id,name,alt_name,latitude,longitude\n"
    for id in 1...2_500 { file += "\(id),110101,\(id % 7 == 0 ? "\"Desa, I\"" : "Desa"),,-0.\(id)1,1e-05\n" }
    let imported = try await Command.run(["import", "desa", "-"], socket: daemon.path, input: file)
    #expect(imported.error == "")
    #expect(imported.output == "created 2500, updated 0, unchanged 0, failed 0\n")
    #expect(imported.status == 0)
    let batches = try villages.seen("BatchUpsert").map { try Bahari_V1_BatchUpsertDesaRequest(serializedBytes: $0) }
    #expect(batches.map(\.data.count) == [1_000, 1_000, 500])
    #expect(batches.first?.updateMask.paths == ["district_id", "name", "alt_name", "latitude", "longitude"])
    #expect(batches.first?.data.first?.hasAltName == false)
    let exported = try await Command.run(["export", "desa"], socket: daemon.path)
    #expect(exported.output == file)
  }

  @Test func importStopsAtTheFirstBadBatch() async throws {
    let daemon = try villages.start()
    let file = "id,name\n1,a\n2,b\n3,bad\n4,c\n"
    let result = try await Command.run(
      ["import", "desa", "-", "--batch", "2", "-o", "json"], socket: daemon.path, input: file)
    #expect(result.status == 65)
    #expect(result.error.contains(#""field":"line 4: name","description":"is bad""#), "\(result.error)")
    #expect(result.error.contains("lines 4 to 5") && result.error.split(separator: "\n").count == 1)
    #expect(result.output == "{\"created\":2,\"updated\":0,\"unchanged\":0,\"failed\":0}\n")
  }

  @Test func importSkipsBadRowsAndNamesTheirLines() async throws {
    let daemon = try villages.start()
    let file = "id,name\n1,a\nx,b\n3,bad\n4,c\n"
    let result = try await Command.run(
      ["import", "desa", "-", "--on-error", "skip"], socket: daemon.path, input: file)
    #expect(result.status == 65)
    #expect(result.error.contains("line 3: id: \"x\" is not a whole number"))
    #expect(result.error.contains("line 4: name: is bad"))
    #expect(result.output == "created 2, updated 0, unchanged 0, failed 2\n")
  }

  @Test func importShowsTheFirstWarningsByLineAndCountsTheRest() async throws {
    let daemon = try villages.start()
    // Every third row gets a warning, from line 3 on: lines 3, 6, 9 and so on, of several batches.
    var file = "id,name\n"
    for id in 1...75 { file += "\(id),\(id % 3 == 2 ? "odd" : "even")\n" }
    let arguments = ["import", "desa", "-", "--batch", "10"]
    let result = try await Command.run(arguments, socket: daemon.path, input: file)
    #expect(result.status == 0)
    #expect(result.output == "created 75, updated 0, unchanged 0, failed 0\n")
    let shown = (1...20).map { "warning: line \($0 * 3): name: is \"odd\"\n" }
    let note = "note: the file has no district_id, alt_name, latitude, longitude, which every new row needs\n"
    #expect(result.error == note + shown.joined() + "and 5 more warnings\n")
    let json = try await Command.run(arguments + ["-o", "json"], socket: daemon.path, input: file)
    #expect(json.error == "")
    let listed = (1...20).map { "{\"line\":\($0 * 3),\"column\":\"name\",\"description\":\"is \\\"odd\\\"\"}" }
    #expect(
      json.output == "{\"created\":75,\"updated\":0,\"unchanged\":0,\"failed\":0,\"warned\":25,\"warnings\":["
        + listed.joined(separator: ",") + "]}\n")
  }

  @Test func listShowsATableAndSendsTheQuery() async throws {
    let daemon = try villages.start()
    let result = try await Command.run(
      ["list", "desa", "--where", "district_id=110101", "--sort", "-name,id", "--limit", "5", "--columns", "id,name"],
      socket: daemon.path)
    #expect(
      result.output
        == "        id  name\n----------  ----------------\n1101012001  Keude \"Bakongan\"\npage 1 of 1, 1 row\n")
    let request = try ListRequest(serializedBytes: try #require(villages.seen("List").first))
    #expect(request.sort == ["-name", "id"] && request.limit == 5 && request.fields == ["id", "name"])
    #expect(request.filter == .field("district_id", .eq, "110101"))
  }

  @Test func updateSendsExactlyTheNamedColumns() async throws {
    let daemon = try villages.start()
    let result = try await Command.run(
      ["update", "desa", "5", "--set", "name=X=Y", "--set", "latitude=-1.5", "--unset", "alt_name", "--dry-run"],
      socket: daemon.path)
    #expect(result.status == 0)
    let request = try Bahari_V1_UpdateDesaRequest(serializedBytes: try #require(villages.seen("Update").first))
    #expect(request.data.id == 5 && request.data.name == "X=Y" && request.data.latitude == -1.5)
    #expect(request.updateMask.paths == ["name", "latitude", "alt_name"] && request.dryRun)
    #expect(request.requestID.count == 32)
  }

  @Test func errorsAreReadableAndHaveTheirExitCode() async throws {
    let daemon = try villages.start()
    let missing = try await Command.run(["get", "desa", "5"], socket: daemon.path)
    #expect(missing.status == 66)
    #expect(missing.error == "error: there is no desa with id 5\n  (NOT_FOUND 4040001)\n")
    let unknown = try await Command.run(["list", "kapal"], socket: daemon.path)
    #expect(unknown.status == 64 && unknown.error.contains("desa, provinsi"))
    let nobody = try await Command.run(["list", "desa"], socket: "/tmp/bahari-nobody.sock")
    #expect(nobody.status == 69 && nobody.error.contains("baharid serve"))
    #expect(try await Command.run(["list"], socket: daemon.path).status == 64)
  }

  @Test func otherCommandsAnswer() async throws {
    let daemon = try villages.start()
    let health = try await Command.run(["health"], socket: daemon.path)
    #expect(health.output == "SERVING\n" && health.status == 0)
    let describe = try await Command.run(["describe", "desa"], socket: daemon.path)
    #expect(describe.output.contains("double precision"))
    let call = try await Command.run(["call", "DesaService/List", "{\"page\":1}"], socket: daemon.path)
    #expect(call.output.hasPrefix("{\"responseCode\":\"2000000\""))
    let create = try await Command.run(
      ["create", "desa", "--set", "name=a", "-o", "json"], socket: daemon.path)
    #expect(create.output.hasPrefix("{\"data\":{\"id\":1101012001,"))
    #expect(try await Command.run(["delete", "desa", "5"], socket: daemon.path).output == "deleted desa 5\n")
  }

  @Test func readmePrintsTheTableOfExitCodes() throws {
    let clients = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Clients")
    let readme = try String(contentsOf: clients.appendingPathComponent("bahari/README.md"), encoding: .utf8)
    for status in ExitStatus.allCases { #expect(readme.contains("| \(status.rawValue) | \(status.meaning) |")) }
    for code in BahariError.Code.allCases {
      let row = readme.split(separator: "\n").first { $0.hasPrefix("| \(ExitStatus(code).rawValue) |") }
      #expect(row?.contains(code.name) == true)
    }
  }

  @Test(
    arguments: [
      "list", "get", "create", "update", "delete", "import", "export", "report", "call", "describe", "health", "stats",
    ]
  )
  func helpHasAnExample(_ verb: String) async throws {
    let help = try await Command.run([verb, "--help"], socket: "/nowhere")
    #expect(help.status == 0 && help.output.contains("  bahari \(verb)"))
  }
}
