import ArgumentParser
import BahariClient
import BahariFrame

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Calls one method as often as it can and says how long that takes.",
    discussion: """
      Keeps DEPTH calls in flight on each of CONNECTIONS sockets, each with a random key of its own, and checks \
      every answer's status. The frames are made here, without the client library, so that the daemon is what \
      is measured; --client goes through the library instead. With --rate calls are made at even distances \
      whatever becomes of the ones before, and their times count from when they were due.

      create copies rows that are there, under new ids; import does so in batches; mixed is nine gets to a create; \
      check-in begins days of the employees that are there, from the day after the last that anyone came, each \
      with a request_id. All delete what they made afterwards. baselines times the three reads that the old \
      service was held to; compare sets two reports of -o json side by side.

      --verify looks into every answer, and is not for measuring. With it a connection that goes away is made anew, \
      what was in flight is sent again under its request_id, and in the end there must be a row for each create \
      that was answered, and no other.

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

    /// What is named beside it.
    var takes: Int {
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
  @Argument(help: "The resource, or two reports to compare; health, check-in and baselines take none.")
  var names: [String] = []
  @Option(help: "For list: the column that keys are taken from. Default: id.") var by = "id"
  @Option(help: "Sockets, 1 to 512.") var connections = 8
  @Option(help: "Calls in flight on each, 1 to 1000; with --rate, the most of them.") var depth: Int?
  @Option(help: "Seconds, 1 to 600.") var duration = 5
  @Option(help: "Seconds before that, which are not measured, 0 to 60.") var warmup = 0
  @Option(help: "Calls a second in all, 1 to 1000000. Default: as many as are answered.") var rate: Int?
  @Option(help: "For import: rows of a batch, 1 to 10000.") var batch = 1_000
  @Flag(help: "Look into every answer, and go on when the daemon goes away for a while.") var verify = false
  @Flag(help: "Draw how the latencies are spread.") var histogram = false
  @Flag(help: "Measure through the client library.") var client = false
  @Flag(help: "Leave the rows that were made.") var keep = false
  @Flag(help: "Give each create a request_id, as the client library does.") var requestIds = false
  @Option(name: .shortAndLong, help: "table or json.") var output = "table"
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    for (name, value, range) in [
      ("connections", connections, 1...512), ("depth", depth ?? 1, 1...1000), ("duration", duration, 1...600),
      ("warmup", warmup, 0...60), ("rate", rate ?? 1, 1...1_000_000), ("batch", batch, 1...10_000),
    ] where !range.contains(value) {
      throw ValidationError("--\(name) is \(value) and must be from \(range.lowerBound) to \(range.upperBound)")
    }
    if scenario != .list, by != "id" { throw ValidationError("--by is for list") }
    guard names.count == scenario.takes else {
      let example = ["", " desa", " before.json after.json"][scenario.takes]
      throw ValidationError(
        "\(scenario.rawValue) takes \(["nothing", "a resource", "two files"][scenario.takes]) beside it: "
          + "bahari bench \(scenario.rawValue)\(example)")
    }
    if client, rate != nil || verify || warmup > 0 {
      throw ValidationError("--client keeps its calls in flight and no more: leave --rate, --warmup and --verify out")
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

  /// With a rate there has to be room for calls that come late.
  private var inFlight: Int { depth ?? (rate == nil ? 1 : 64) }

  private var path: String { connection.socket ?? SocketPath.standard }

  private var head: [(String, String)] {
    [
      ("scenario", "\"\(scenario.rawValue)\""), ("connections", "\(connections)"), ("depth", "\(inFlight)"),
      ("client", "\(client)"),
    ] + (rate.map { [("rate", "\($0)")] } ?? []) + (scenario == .import ? [("batch", "\(batch)")] : [])
  }
}
