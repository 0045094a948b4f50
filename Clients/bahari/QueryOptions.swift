import ArgumentParser
import BahariClient

/// What selects and orders rows, for list and export.
struct QueryOptions: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: """
      A condition: COLUMN=VALUE, also != < <= > >= and ~ (part of the text), "COLUMN is null", "COLUMN in (a,b)". \
      Given again: all must hold.
      """)
  var conditions: [String] = []

  @Option(parsing: .unconditional, help: "A part of the text in any of the resource's search columns.")
  var search: String?

  @Option(parsing: .unconditional, help: "Columns to sort by, separated by commas; descending with a leading -.")
  var sort: String?

  @Option(help: "Columns to show, separated by commas, in this order.")
  var columns: String?

  var selected: [String] { (columns ?? "").split(separator: ",").map { $0.trimmed } }

  /// The request for these options. Names are checked here, where the ones that exist can be listed.
  func request(_ target: Target) throws -> ListRequest {
    var request = ListRequest()
    if let filter = try WhereParser.filter(all: conditions) {
      for part in filter.all.isEmpty ? [filter] : filter.all { _ = try target.field(part.field) }
      request.filter = filter
    }
    if let search { request.search = search }
    request.sort = (sort ?? "").split(separator: ",").map { $0.trimmed }
    for name in request.sort { _ = try target.field(String(name.drop { $0 == "-" })) }
    for name in selected { _ = try target.field(name) }
    request.fields = selected
    return request
  }
}

enum RowFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, jsonl, csv
}
