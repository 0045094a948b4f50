import ArgumentParser
import BahariClient
import BahariFrame
import Glibc

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures how many reads a second the daemon answers.",
    discussion: """
      Keeps DEPTH calls in flight on each of CONNECTIONS sockets, each with a random key of its own, and checks \
      every answer's status. The frames are made here, without the client library, so that the daemon is what \
      is measured.

      Examples:
        bahari bench get desa --connections 8
        bahari bench list desa --by district_id --connections 8 --depth 4 --duration 10
      """)

  enum Scenario: String, ExpressibleByArgument, CaseIterable {
    case get, list
  }

  @Argument(help: "get (rows by id) or list (the rows with one value of --by).") var scenario: Scenario
  @Argument(help: "The resource.") var resource: String
  @Option(help: "The column that keys are taken from. Default: id.") var by = "id"
  @Option(help: "Sockets, 1 to 512.") var connections = 8
  @Option(help: "Calls in flight on each, 1 to 1000.") var depth = 1
  @Option(help: "Seconds, 1 to 600.") var duration = 5
  @Option(name: .shortAndLong, help: "table or json.") var output = "table"
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    for (name, value, range) in [
      ("connections", connections, 1...512), ("depth", depth, 1...1000), ("duration", duration, 1...600),
    ] where !range.contains(value) {
      throw ValidationError("--\(name) is \(value) and must be from \(range.lowerBound) to \(range.upperBound)")
    }
    if scenario == .get, by != "id" { throw ValidationError("get goes by id; --by is for list") }
    guard ["table", "json"].contains(output) else { throw ValidationError("-o takes table or json, not \(output)") }
  }

  func run() async throws {
    let session = try await Session(connection)
    let target = try session.target(resource)
    let method = try session.method(target, scenario == .get ? "Get" : "List")
    let payloads = try await payloads(session, target)
    let driver = try LoadDriver(
      path: connection.socket ?? SocketPath.standard, service: method.service, method: method.name, payloads: payloads,
      connections: connections, depth: depth)
    let result = try driver.run(seconds: duration)
    var printed = Output()
    printed.line(output == "json" ? result.json : result.text)
    try printed.flush()
    if result.failures > 0 { throw Failure(.internal, "\(result.failures) calls failed") }
  }

  /// One request for each key there is: integers and texts.
  private func payloads(_ session: Session, _ target: Target) async throws -> [[UInt8]] {
    var request = Bahari_V1_ListRequest()
    request.fields = [by]
    var keys: Set<String> = []
    let decoder = RecordDecoder(schema: session.schema)
    let export = try session.method(target, "Export")
    for try await bytes in session.stream(export, try request.serializedBytes()) {
      for row in try decoder.decode(export.output, bytes).records("data") {
        switch row[by] {
        case .integer(let number): keys.insert(String(number))
        case .text(let text): keys.insert(text)
        default: break
        }
      }
    }
    guard !keys.isEmpty else { throw Failure(.notFound, "\(resource) has no rows to read; import some first") }
    return try keys.sorted().map { try payload($0) }
  }

  private func payload(_ key: String) throws -> [UInt8] {
    guard scenario == .list else {
      var request = Bahari_V1_GetRequest()
      request.id = Int64(key) ?? 0
      return try request.serializedBytes()
    }
    var request = Bahari_V1_ListRequest()
    request.filter.field = by
    request.filter.operator = "eq"
    request.filter.values = [key]
    return try request.serializedBytes()
  }
}
