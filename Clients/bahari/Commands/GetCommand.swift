import ArgumentParser
import BahariClient
import SwiftProtobuf

struct GetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows a row, or several rows, by id.",
    discussion: """
      Rows are named by a resource and ids, or as RESOURCE/ID; with -, standard input names one per line. Rows \
      that do not exist are reported on standard error, and the others shown. Examples:
        bahari get desa 1101012001
        bahari get desa 1101012001 --columns name,latitude -o json
        bahari get kapal/12 kapal/13
        bahari get pegawai --by email=ani@example.org
        bahari list kapal --where 'ukuran_gt>=30' -o name | bahari get - -o csv
        bahari get kelompok_nelayan 12 --profile
      """)

  @OptionGroup var named: RowArguments
  @Option(help: "COLUMN=VALUE of a unique column, instead of the id.", completion: Completions.assignments)
  var by: String?
  @Option(help: "Columns to show, separated by commas.", completion: Completions.columns) var columns: String?
  @Flag(help: "A group with its officer, vessels, catches of a year, aid and certificates.")
  var profile = false
  @Option(help: "With --profile: the last day of the year of catches, as YYYY-MM-DD. Default: today.") var date: String?
  @Option(name: .shortAndLong, help: RowFormat.help) var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions

  /// The most Get calls in flight at a time; the daemon reads the rows of many waiting Gets with one statement.
  private static let inFlight = 64

  func validate() throws {
    guard named.namesRows != (by != nil) else {
      throw ValidationError("name rows by id, or one with --by COLUMN=VALUE")
    }
    if profile, by != nil || columns != nil {
      throw ValidationError("--profile requires an id, and shows all columns")
    }
    if profile, output != .table, output != .json {
      throw ValidationError("with --profile, -o takes table or json")
    }
    if date != nil, !profile { throw ValidationError("--date requires --profile") }
  }

  func run() async throws {
    let daemon = try await DescribedDaemon(connection)
    if let by {
      let target = try daemon.target(named.resource)
      var request = Bahari_V1_GetRequest()
      let assignment = try Assignment(by, option: "--by")
      request.column = try target.field(assignment.column).name
      request.value = assignment.value
      return try show(try await get(request, target, daemon), target, daemon)
    }
    if let one = try named.single(daemon) {
      if profile { return try await showProfile(daemon, one) }
      let reply = try await get(.with { $0.id = one.id }, one.target, daemon)
      return try show(reply, one.target, daemon)
    }
    guard !profile else { throw Failure(.invalidArgument, "--profile requires exactly one row") }
    try await several(daemon)
  }

  private var selected: [String] { QueryOptions.names(columns) }

  private func get(_ request: Bahari_V1_GetRequest, _ target: DescribedResource, _ daemon: DescribedDaemon) async throws
    -> Record
  {
    var request = request
    for name in selected { _ = try target.field(name) }
    request.fields = output == .name ? ["id"] : selected
    return try await daemon.call(daemon.method(target, "Get"), try request.serializedBytes())
  }

  private func show(_ reply: Record, _ target: DescribedResource, _ daemon: DescribedDaemon) throws {
    var rows = RowOutput(target, daemon.schema, output, selected: selected)
    try rows.reply(reply)
  }

  private func several(_ daemon: DescribedDaemon) async throws {
    var pages: AllPages?
    var failures = RowFailures()
    var portions = named.portions(daemon, of: Self.inFlight)
    while let portion = try portions.next() {
      let target = portion.target
      let results = try await withThrowingTaskGroup(of: (Int, Result<Record, BahariError>).self) { group in
        for (place, id) in portion.ids.enumerated() {
          group.addTask {
            do throws(any Error) {
              return (place, .success(try await get(.with { $0.id = id }, target, daemon)))
            } catch let error as BahariError {
              return (place, .failure(error))
            }
          }
        }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      var found: [Record] = []
      for place in portion.ids.indices {
        switch results[place] {
        case .success(let reply): found += reply.records("data")
        case .failure(let error): try failures.add(error)
        case nil: break
        }
      }
      let rows = RowOutput(target, daemon.schema, output, selected: selected)
      if pages == nil { pages = AllPages(rows) } else { pages?.turn(to: rows) }
      try pages?.add(found)
    }
    if output == .json, pages == nil {
      var none = Output()
      none.line("[]")
      try none.flush()
    }
    try pages?.end()
    try failures.end()
  }

  private func showProfile(_ daemon: DescribedDaemon, _ row: RowArguments.Row) async throws {
    let method = try daemon.method(row.target, "Profile")
    var values = try ReportValues([])
    values.add("id", String(row.id))
    if let date { values.add("date", date) }
    let request = try values.request(method.input, daemon.schema)
    let reply = try await daemon.call(method, try request.encoded())
    var sections = ProfileOutput(daemon, method)
    try sections.write(reply, asJSON: output == .json)
  }
}
