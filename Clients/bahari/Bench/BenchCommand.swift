import ArgumentParser
import BahariClient
import BahariFrame

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures calls per second and latencies of one method.",
    discussion: """
      Keeps --depth calls in flight on each of --connections sockets, each with a random key, and checks the \
      status of every reply. Frames are encoded without the client library, so that the daemon is measured; \
      --client uses the library instead. With --rate, calls are sent at even intervals, also while earlier ones \
      are not answered, and their times count from when they were due.

      create copies existing rows under new ids; import does so in batches; mixed sends nine gets per create; \
      check-in begins days of the existing employees, each with a request_id, from the day after the last \
      attendance on. All of them delete their rows afterwards. baselines measures the three reads for which the \
      old service had time limits; compare shows two reports of -o json side by side.

      --verify checks the content of every reply, and is not for measuring. It replaces a lost connection, sends \
      calls in flight again under their request_id, and in the end requires one row for each create that was \
      answered, and no other.

      Examples:
        bahari bench get desa --connections 32 --depth 1 --duration 5
        bahari bench list desa --by district_id --connections 8 --depth 4
        bahari bench create desa --connections 32
        bahari bench mixed desa --rate 2000 --warmup 1 --histogram
        bahari bench import desa --connections 1 --batch 500
        bahari bench check-in --connections 32
        bahari bench create desa --verify
        bahari bench baselines
        bahari bench health --client -o json
        bahari bench compare before.json after.json
      """)

  enum Scenario: String, ExpressibleByArgument, CaseIterable {
    case get, list, create, mixed, `import`, health, baselines, compare
    case checkIn = "check-in"

    /// The number of arguments after the scenario: resources, or reports to compare.
    var nameCount: Int {
      switch self {
      case .health, .checkIn, .baselines: 0
      case .compare: 2
      case .get, .list, .create, .mixed, .import: 1
      }
    }

    var makesRows: Bool { [.create, .mixed, .import, .checkIn].contains(self) }
  }

  @Argument(
    help: """
      get (rows by id), list (the rows with one value of --by), create, mixed, import, check-in, health, baselines or \
      compare.
      """)
  var scenario: Scenario
  @Argument(help: "A resource, or two reports to compare; nothing for health, check-in and baselines.")
  var names: [String] = []
  @Option(help: "For list: the column whose values are the keys. Default: id.") var by = "id"
  @Option(help: "Sockets, 1 to 512.") var connections = 8
  @Option(help: "Calls in flight on each socket, 1 to 1000; with --rate, the most.") var depth: Int?
  @Option(help: "Seconds, 1 to 600.") var duration = 5
  @Option(help: "Seconds before them that are not measured, 0 to 60.") var warmup = 0
  @Option(help: "Calls per second in all, 1 to 1000000. Default: as many as are answered.") var rate: Int?
  @Option(help: "For import: rows of a batch, 1 to \(CallLimits.batchRows).") var batch = 1_000
  @Flag(help: "Check every reply, and reconnect if the daemon goes away for a while.") var verify = false
  @Flag(help: "Draw the distribution of latencies.") var histogram = false
  @Flag(help: "Measure through the client library.") var client = false
  @Flag(help: "Keep the rows that were made.") var keep = false
  @Flag(help: "Give each create a request_id, as the client library does.") var requestIds = false
  @Option(name: .shortAndLong, help: "table or json.") var output = "table"
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    for (name, value, range) in [
      ("connections", connections, 1...512), ("depth", depth ?? 1, 1...1000), ("duration", duration, 1...600),
      ("warmup", warmup, 0...60), ("rate", rate ?? 1, 1...1_000_000), ("batch", batch, 1...CallLimits.batchRows),
    ] where !range.contains(value) {
      throw ValidationError("--\(name) is \(value) and must be from \(range.lowerBound) to \(range.upperBound)")
    }
    if scenario != .list, by != "id" { throw ValidationError("--by is for list") }
    guard names.count == scenario.nameCount else {
      let example = ["", " desa", " before.json after.json"][scenario.nameCount]
      throw ValidationError(
        "\(scenario.rawValue) takes \(["nothing", "a resource", "two files"][scenario.nameCount]): "
          + "bahari bench \(scenario.rawValue)\(example)")
    }
    if client, rate != nil || verify || warmup > 0 {
      throw ValidationError("--client does not support --rate, --warmup and --verify")
    }
    guard ["table", "json"].contains(output) else { throw ValidationError("-o takes table or json, not \(output)") }
  }

  func run() async throws {
    var printed = Output()
    if scenario == .compare {
      printed.line(try LoadComparison(before: names[0], after: names[1]).text)
      return try printed.flush()
    }
    let daemon = try await DescribedDaemon(connection)
    if scenario == .baselines {
      let baselines = try Baselines(daemon, path: path, seconds: duration)
      printed.line(output == "json" ? baselines.json : baselines.text)
      return try printed.flush()
    }
    let making = BenchWorkloads(daemon, self)
    let target = try making.target
    let before = verify && scenario.makesRows ? try await making.count(target) : nil
    let workload = try await making.workload(target)
    let report = try await measure(workload)
    let made = (workload as? any RowMaking)?.made.ids ?? []
    if let before { try await making.verify(made, since: before, target) }
    if !keep, let target { try making.delete(made, target, path: path) }
    printed.line(output == "json" ? report.json(head) : report.text)
    if scenario == .import, output == "table" { printed.line("\(report.callsPerSecond * batch) rows/s") }
    if histogram, output == "table" { printed.bytes += report.bars.utf8 }
    try printed.flush()
    if report.failed > 0 { throw Failure(.internal, "\(report.failed) calls failed") }
  }

  private func measure(_ workload: any Workload) async throws -> LoadReport {
    if client {
      return try await ClientLoad(
        path: connection.socket, workload: workload, connections: connections, depth: inFlight
      )
      .run(seconds: duration)
    }
    let options = LoadOptions(
      connections: connections, depth: inFlight, rate: rate, warmup: warmup, seconds: duration, repeats: verify)
    var progress = Progress()
    let report = try LoadDriver(path: path, workload: workload, options).run {
      let fraction = Double($0.nanoseconds) / 1e9 / Double(duration)
      progress.show("\($0.callsPerSecond) calls/s, \($0.failed) failed", fraction: fraction)
    }
    progress.clear()
    return report
  }

  /// Calls in flight on each connection. The default is higher with --rate, so that late replies do not delay calls.
  private var inFlight: Int { depth ?? (rate == nil ? 1 : 64) }

  private var path: String { connection.socket ?? SocketPath.standard }

  private var head: [(String, String)] {
    [
      ("scenario", "\"\(scenario.rawValue)\""), ("connections", "\(connections)"), ("depth", "\(inFlight)"),
      ("client", "\(client)"),
    ] + (rate.map { [("rate", "\($0)")] } ?? []) + (scenario == .import ? [("batch", "\(batch)")] : [])
  }
}
