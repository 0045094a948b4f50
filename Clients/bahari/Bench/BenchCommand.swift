import ArgumentParser
import BahariClient
import BahariFrame

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures how many calls a second the daemon answers, and how fast.",
    discussion: """
      Keeps DEPTH calls in flight on each of CONNECTIONS sockets, each with a random key of its own, and checks \
      every answer's status. The frames are made here, without the client library, so that the daemon is what \
      is measured; --client goes through the library instead. create copies rows that are there, under new ids; \
      check-in begins days of the employees that are there, from the day after the last that anyone came, each \
      with a request_id. Both delete what they made afterwards.

      Examples:
        bahari bench get desa --connections 32 --depth 1 --duration 5
        bahari bench list desa --by district_id --connections 8 --depth 4
        bahari bench create desa --connections 32
        bahari bench check-in --connections 32
        bahari bench health --client -o json
      """)

  enum Scenario: String, ExpressibleByArgument, CaseIterable {
    case get, list, create, health
    case checkIn = "check-in"

    /// Whether a resource has to be named.
    var takesResource: Bool { self != .health && self != .checkIn }
  }

  @Argument(help: "get (rows by id), list (the rows with one value of --by), create, check-in or health.")
  var scenario: Scenario
  @Argument(help: "The resource; health and check-in take none.") var resource: String?
  @Option(help: "For list: the column that keys are taken from. Default: id.") var by = "id"
  @Option(help: "Sockets, 1 to 512.") var connections = 8
  @Option(help: "Calls in flight on each, 1 to 1000.") var depth = 1
  @Option(help: "Seconds, 1 to 600.") var duration = 5
  @Flag(help: "Measure through the client library.") var client = false
  @Flag(help: "Leave the rows that were made.") var keep = false
  @Flag(help: "Give each create a request_id, as the client library does.") var requestIds = false
  @Option(name: .shortAndLong, help: "table or json.") var output = "table"
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    for (name, value, range) in [
      ("connections", connections, 1...512), ("depth", depth, 1...1000), ("duration", duration, 1...600),
    ] where !range.contains(value) {
      throw ValidationError("--\(name) is \(value) and must be from \(range.lowerBound) to \(range.upperBound)")
    }
    if scenario != .list, by != "id" { throw ValidationError("--by is for list") }
    if !scenario.takesResource, let resource {
      throw ValidationError("\(scenario.rawValue) takes no resource, and \(resource) was given")
    }
    if scenario.takesResource, resource == nil {
      throw ValidationError("name a resource: bahari bench \(scenario.rawValue) desa")
    }
    guard ["table", "json"].contains(output) else { throw ValidationError("-o takes table or json, not \(output)") }
  }

  func run() async throws {
    let session = try await Session(connection)
    let workload = try await workload(session)
    var progress = Progress()
    let report =
      client
      ? try await ClientLoad(path: connection.socket, workload: workload, connections: connections, depth: depth)
        .run(seconds: duration)
      : try driver(workload).run(seconds: duration) {
        progress.show("\($0.callsPerSecond) calls/s", fraction: Double($0.nanoseconds) / 1e9 / Double(duration))
      }
    progress.clear()
    if let making = workload as? any RowMaking, !keep { try delete(making.made.ids, session) }
    var printed = Output()
    printed.line(output == "json" ? report.json(head) : report.text)
    try printed.flush()
    if report.failed > 0 { throw Failure(.internal, "\(report.failed) calls failed") }
  }

  private var head: [(String, String)] {
    [
      ("scenario", "\"\(scenario.rawValue)\""), ("connections", "\(connections)"), ("depth", "\(depth)"),
      ("client", "\(client)"),
    ]
  }

  private func driver(_ workload: any Workload) throws -> LoadDriver {
    try LoadDriver(
      path: connection.socket ?? SocketPath.standard, workload: workload, connections: connections, depth: depth)
  }

  // MARK: Requests

  private func workload(_ session: Session) async throws -> any Workload {
    guard let target = try target(session) else {
      guard let check = session.schema.method("grpc.health.v1.Health", "Check") else {
        throw Failure(.unimplemented, "the daemon does not describe grpc.health.v1.Health")
      }
      return PreparedRequests(check, [[]])
    }
    switch scenario {
    case .get:
      return PreparedRequests(try session.method(target, "Get"), try await keys(session, target, "id").map(get))
    case .list:
      return PreparedRequests(try session.method(target, "List"), try await keys(session, target, by).map(list))
    case .checkIn: return try await checkIns(session, target)
    case .create, .health: return try await newRows(session, target)
    }
  }

  /// What the calls are about; nil for health.
  private func target(_ session: Session) throws -> Target? {
    try (scenario == .checkIn ? "absensi" : resource).map(session.target)
  }

  /// Every value of a column: integers and texts.
  private func keys(_ session: Session, _ target: Target, _ column: String) async throws -> [String] {
    var request = Bahari_V1_ListRequest()
    request.fields = [column]
    var keys: Set<String> = []
    let decoder = RecordDecoder(schema: session.schema)
    let export = try session.method(target, "Export")
    for try await bytes in session.stream(export, try request.serializedBytes()) {
      for row in try decoder.decode(export.output, bytes).records("data") {
        switch row[column] {
        case .integer(let number): keys.insert(String(number))
        case .text(let text): keys.insert(text)
        default: break
        }
      }
    }
    guard !keys.isEmpty else { throw BenchCommand.empty(target) }
    return keys.sorted()
  }

  private static func empty(_ target: Target) -> Failure {
    Failure(.notFound, "\(target.info.name) has no rows to go by; import some first")
  }

  private func get(_ key: String) throws -> [UInt8] {
    var request = Bahari_V1_GetRequest()
    request.id = Int64(key) ?? 0
    return try request.serializedBytes()
  }

  private func list(_ key: String) throws -> [UInt8] {
    var request = Bahari_V1_ListRequest()
    request.filter.field = by
    request.filter.operator = "eq"
    request.filter.values = [key]
    return try request.serializedBytes()
  }

  private func newRows(_ session: Session, _ target: Target) async throws -> NewRows {
    let list = try session.method(target, "List")
    var request = Bahari_V1_ListRequest()
    request.limit = 100
    request.sort = ["-id"]
    let rows = try await session.call(list, try request.serializedBytes(), isRead: true).records("data")
    guard let last = rows.first?.integer("id") else { throw BenchCommand.empty(target) }
    let create = try session.method(target, "Create")
    return try NewRows(target, create, rows: rows, start: last, named: requestIds)
  }

  private func checkIns(_ session: Session, _ target: Target) async throws -> CheckIns {
    var request = Bahari_V1_ListRequest()
    (request.limit, request.sort, request.fields) = (1, ["-date"], ["date"])
    let list = try session.method(target, "List")
    let last = try await session.call(list, try request.serializedBytes(), isRead: true).records("data").first
    let day = last?.text("date").flatMap(Timestamp.init).map { $0.seconds / 86_400 + 1 }
    return try CheckIns(
      target, try session.method(target, "CheckIn"), nips: try await keys(session, session.target("pegawai"), "nip"),
      day: day ?? 0)
  }

  private func delete(_ ids: [Int64], _ session: Session) throws {
    guard let target = try target(session), !ids.isEmpty else { return }
    let payloads: [[UInt8]] = try ids.map { id in
      var request = Bahari_V1_DeleteRequest()
      request.id = id
      return try request.serializedBytes()
    }
    let requests = PreparedRequests(try session.method(target, "Delete"), payloads, order: .once)
    let report = try LoadDriver(
      path: connection.socket ?? SocketPath.standard, workload: requests, connections: 8, depth: 16
    ).run(seconds: 600)
    guard report.calls == ids.count, report.failed == 0 else {
      let left = ids.count - report.calls + report.failed
      throw Failure(.internal, "\(left) of \(ids.count) rows that were made could not be deleted: from id \(ids[0])")
    }
  }
}
