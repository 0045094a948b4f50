import ArgumentParser
import BahariClient

/// The options of `bahari list` and `bahari export` that select and sort rows.
struct QueryOptions: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: """
      A condition: COLUMN=VALUE, also != < <= > >= and ~ (part of the text), "COLUMN is null", "COLUMN in (a,b)", \
      "COLUMN between a and b"; joined by and, or, not and parentheses. If repeated, all must hold.
      """, completion: Completions.assignments)
  var conditions: [String] = []

  @Option(parsing: .unconditional, help: "Part of a text in any search column of the resource; 200 characters at most.")
  var search: String?

  @Option(
    parsing: .unconditional, help: "Columns to sort by, separated by commas, 8 at most; descending with a leading -.",
    completion: Completions.columns)
  var sort: String?

  @Option(help: "Columns to show, separated by commas, in this order.", completion: Completions.columns)
  var columns: String?

  @Option(parsing: .unconditional, help: "LATITUDE,LONGITUDE in degrees: the nearest rows first, with their distance.")
  var near: String?

  @Option(help: "Kilometres: only rows within this distance of --near.")
  var radius: Double?

  @Option(parsing: .unconditional, help: "SOUTH,WEST,NORTH,EAST in degrees: only rows inside.")
  var box: String?

  var selected: [String] { QueryOptions.names(columns) }

  /// Splits a list of names at its commas; returns no names if the option is absent.
  static func names(_ text: String?) -> [String] { (text ?? "").split(separator: ",").map { $0.trimmed } }

  /// Makes the request for these options. Column names are checked here, so that the error can list the existing
  /// columns.
  func request(_ target: DescribedResource) throws -> ListRequest {
    var request = ListRequest()
    if let filter = try WhereParser.filter(all: conditions) {
      try check(filter, target)
      request.filter = filter
    }
    if let search { request.search = search }
    request.sort = QueryOptions.names(sort)
    for name in request.sort { _ = try target.field(String(name.drop { $0 == "-" })) }
    for name in selected { _ = try target.field(name) }
    request.fields = selected
    try place(&request)
    return request
  }

  private func check(_ filter: Filter, _ target: DescribedResource) throws {
    if filter.hasField { _ = try target.field(filter.field) }
    for part in filter.all + filter.any + (filter.hasNot ? [filter.not] : []) { try check(part, target) }
  }

  private func place(_ request: inout ListRequest) throws {
    if let near {
      let numbers = try QueryOptions.degrees(near, "--near", ["LATITUDE", "LONGITUDE"])
      (request.near.latitude, request.near.longitude) = (numbers[0], numbers[1])
      if let radius { request.near.radiusKm = radius }
    } else if radius != nil {
      throw Failure(.invalidArgument, "--radius requires --near")
    }
    if let box {
      let numbers = try QueryOptions.degrees(box, "--box", ["SOUTH", "WEST", "NORTH", "EAST"])
      (request.box.south, request.box.west) = (numbers[0], numbers[1])
      (request.box.north, request.box.east) = (numbers[2], numbers[3])
    }
  }

  private static func degrees(_ text: String, _ option: String, _ names: [String]) throws -> [Double] {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0.trimmed) }
    guard numbers.count == names.count, text.count(where: { $0 == "," }) == names.count - 1 else {
      throw Failure(
        .invalidArgument, "\(option) takes \(names.joined(separator: ",")) as numbers of degrees, not \"\(text)\"")
    }
    return numbers
  }
}
