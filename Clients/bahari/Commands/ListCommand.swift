import ArgumentParser
import BahariClient
import BahariFrame
import SwiftProtobuf

struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Shows a page of rows.",
    discussion: """
      Examples:
        bahari list provinsi
        bahari list desa --where district_id=110101 --sort -name,id --limit 50
        bahari list desa --where 'name ~ muara' --where 'latitude<0' --columns id,name -o csv
        bahari list kapal --where 'ukuran_gt>=30 and (status_kapal=Aktif or status_kapal is null)'
        bahari list villages --search bakongan --with-relations -o json
        bahari list kelompok-nelayan --near -6.1,106.8 --radius 25
        bahari list absensi --where date=2026-11-25 --all -o csv
        bahari list kapal --where 'ukuran_gt between 10 and 30' -o wide
        bahari list kapal --where 'status_kapal in (Perbaikan)' -o name
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

  @Argument(help: "A resource; `bahari describe` lists them.", completion: Completions.resources)
  var resource: String
  @OptionGroup var query: QueryOptions
  @Option(help: "Rows of a page, 1 to \(CallLimits.pageRows.upperBound). Default: \(CallLimits.pageRowsDefault).")
  var limit: Int32?
  @Option(help: "The page, from 1.") var page: Int32?
  @Option(parsing: .unconditional, help: "Continue behind the page that printed this token; instead of --page.")
  var pageToken: String?
  @Option(help: "How the total is counted: exact, estimated or none, which is the fastest. Default: exact.")
  var count: Count?
  @Flag(help: "All pages as one output; --limit is then the number of rows per call.")
  var all = false
  @Flag(help: "Show the names joined from other tables; -o wide does, too.") var withRelations = false
  @Option(name: .shortAndLong, help: RowFormat.help) var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if all, page != nil { throw ValidationError("--all begins at the first row or at --page-token; leave out --page") }
  }

  func run() async throws {
    let daemon = try await DescribedDaemon(connection)
    let target = try daemon.target(resource)
    var request = try query.request(target)
    // -o name prints only ids, so no other column is requested.
    if output == .name { request.fields = ["id"] }
    if let limit { request.limit = limit }
    if all {
      if limit == nil { request.limit = Int32(CallLimits.pageRows.upperBound) }
      // With --all the total is not printed, so the daemon need not count the rows.
      request.count = .none
    }
    if let page { request.page = page }
    if let pageToken { request.pageToken = pageToken }
    if let count { request.count = count.value }
    let isWide = output == .wide && request.fields.isEmpty
    let relations = daemon.schema.method(target.info.service, "ListWithRelations")
    let method =
      try withRelations || (isWide && relations != nil)
      ? daemon.method(target, "ListWithRelations") : daemon.method(target, "List")
    var rows = RowOutput(target, daemon.schema, output, selected: query.selected)
    guard all else {
      return try rows.page(try await daemon.call(method, try request.serializedBytes()))
    }
    var pages = AllPages(rows)
    repeat {
      let reply = try await daemon.call(method, try request.serializedBytes())
      try pages.add(reply)
    } while pages.advance(&request)
    try pages.end()
  }
}
