import ArgumentParser
import BahariClient
import SwiftProtobuf

struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Shows a page of rows.",
    discussion: """
      Examples:
        bahari list provinsi
        bahari list desa --where district_id=110101 --sort -name,id --limit 50
        bahari list desa --where 'name ~ muara' --where 'latitude<0' --columns id,name -o csv
        bahari list desa --search bakongan --with-relations -o json
        bahari list kelompok_nelayan --near -6.1,106.8 --radius 25
        bahari list absensi --where date=2026-11-25 --all -o csv
      """)

  enum Count: String, ExpressibleByArgument, CaseIterable {
    case exact, estimated, none

    var value: ListRequest.Count {
      switch self {
      case .exact: .exact
      case .estimated: .estimated
      case .none: .none
      }
    }
  }

  @Argument(help: "The resource, as `bahari describe` lists them.") var resource: String
  @OptionGroup var query: QueryOptions
  @Option(help: "Rows of a page, 1 to 100. Default: 10.") var limit: Int32?
  @Option(help: "The page, from 1.") var page: Int32?
  @Option(parsing: .unconditional, help: "Go on where a page ended that gave this token; instead of --page.")
  var pageToken: String?
  @Option(help: "How rows are counted: exact, estimated or none, which is the fastest. Default: exact.")
  var count: Count?
  @Flag(help: "All pages, one after the other, as they come; --limit is how many rows each call brings. Default: 100.")
  var all = false
  @Flag(help: "Show the names of the rows that each row belongs to.") var withRelations = false
  @Option(name: .shortAndLong, help: "table, json, jsonl or csv.") var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if all, page != nil { throw ValidationError("--all begins at the first row, or where --page-token says") }
  }

  func run() async throws {
    let session = try await Session(connection)
    let target = try session.target(resource)
    var request = try query.request(target)
    if let limit { request.limit = limit }
    if all {
      if limit == nil { request.limit = 100 }
      // Counting once would do, and the number of rows is there for all to see.
      request.count = .none
    }
    if let page { request.page = page }
    if let pageToken { request.pageToken = pageToken }
    if let count { request.count = count.value }
    let method = try session.method(target, withRelations ? "ListWithRelations" : "List")
    var rows = RowOutput(target, session.schema, output, selected: query.selected)
    guard all else {
      return try rows.page(try await session.call(method, try request.serializedBytes(), isRead: true))
    }
    var pages = AllPages(rows)
    repeat {
      let reply = try await session.call(method, try request.serializedBytes(), isRead: true)
      try pages.add(reply)
    } while pages.ask(&request)
    try pages.end()
  }
}

struct GetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows one row.",
    discussion: """
      Examples:
        bahari get desa 1101012001
        bahari get desa 1101012001 --columns name,latitude -o json
        bahari get pegawai --by email=ani@example.org
        bahari get kelompok_nelayan 12 --profile
      """)

  @Argument(help: "The resource.") var resource: String
  @Argument(help: "The row's id.") var id: Int64?
  @Option(help: "COLUMN=VALUE of a unique column, instead of the id.") var by: String?
  @Option(help: "Columns to show, separated by commas.") var columns: String?
  @Flag(help: "All there is about a group: its officer, vessels, catches of a year, aid and certificates.")
  var profile = false
  @Option(help: "With --profile: the last day of the year of catches, as YYYY-MM-DD. Default: today.") var date: String?
  @Option(name: .shortAndLong, help: "table, json, jsonl or csv.") var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    guard (id == nil) != (by == nil) else { throw ValidationError("name the row by its id or with --by COLUMN=VALUE") }
    if profile, id == nil || columns != nil {
      throw ValidationError("--profile goes with an id, and shows all columns")
    }
    if profile, output == .jsonl || output == .csv {
      throw ValidationError("a profile is no list of rows: -o takes table or json with --profile")
    }
    if date != nil, !profile { throw ValidationError("--date goes with --profile") }
  }

  func run() async throws {
    let session = try await Session(connection)
    let target = try session.target(resource)
    if profile { return try await showProfile(session, target) }
    var request = Bahari_V1_GetRequest()
    if let id { request.id = id }
    if let by {
      let assignment = try Assignment(by, option: "--by")
      request.column = try target.field(assignment.column).name
      request.value = assignment.value
    }
    let selected = (columns ?? "").split(separator: ",").map { $0.trimmed }
    for name in selected { _ = try target.field(name) }
    request.fields = selected
    let reply = try await session.call(
      session.method(target, "Get"), try request.serializedBytes(), isRead: true)
    var rows = RowOutput(target, session.schema, output, selected: selected)
    try rows.reply(reply)
  }

  private func showProfile(_ session: Session, _ target: Target) async throws {
    let method = try session.method(target, "Profile")
    var values = try ReportValues([])
    if let id { values.add("id", String(id)) }
    if let date { values.add("date", date) }
    let request = try values.request(method.input, session.schema)
    let reply = try await session.call(method, try request.encoded(), isRead: true)
    var sections = ProfileOutput(session, method)
    try sections.write(reply, asJSON: output == .json)
  }
}

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes all rows that are selected, as they come.",
    discussion: """
      Memory stays the same however many rows there are. Examples:
        bahari export desa -o csv > desa.csv
        bahari export desa --where district_id=110101 --columns id,name -o jsonl
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, jsonl, json }

  @Argument(help: "The resource.") var resource: String
  @OptionGroup var query: QueryOptions
  @Option(name: .shortAndLong, help: "csv, jsonl or json (one array).") var output = Format.csv
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let session = try await Session(connection, defaultTimeout: 600)
    let target = try session.target(resource)
    let request = try query.request(target)
    // A file that can be imported again: the columns and nothing else, unless asked for.
    let selected = query.selected.isEmpty ? target.columnNames : query.selected
    var rows = RowOutput(target, session.schema, output == .csv ? .csv : .jsonl, selected: selected)
    let method = try session.method(target, "Export")
    let decoder = RecordDecoder(schema: session.schema)
    var isFirst = true
    if output == .csv { rows.csv([], withHeader: true, withJoined: false) }
    if output == .json { rows.output.bytes.append(UInt8(ascii: "[")) }
    for try await message in session.stream(method, try request.serializedBytes()) {
      let page = try decoder.decode(method.output, message).records("data")
      switch output {
      case .csv: rows.csv(page, withHeader: false, withJoined: false)
      case .jsonl: rows.jsonLines(page)
      case .json:
        for row in page {
          if !isFirst { rows.output.bytes.append(UInt8(ascii: ",")) }
          isFirst = false
          rows.jsonLines([row])
        }
      }
      try rows.output.flushIfLarge()
    }
    if output == .json { rows.output.line("]") }
    try rows.output.flush()
  }
}
