import BahariFrame
import BahariMessage
import BahariPostgres

/// A validated ListRequest, with the shapes and the parameters of its statements.
struct ListQuery {
  /// The page's number, from 1; nil if a page token gives the position of the page.
  let pageNumber: Int32?
  let limit: Int32
  /// For each output, whether the reply includes it; nil for all outputs.
  let chosen: [Bool]?
  let selection: Selection
  let count: Count
  private let conditions: Conditions
  private let order: SortOrder
  private let token: PageToken?
  /// SQL for the distance of a row from the point in the request's `near`, by which the list is sorted; nil without
  /// `near`.
  private let distance: String?

  enum Count: Int32 {
    case exact = 0
    case estimated = 1
    case none = 2
  }

  /// Checks the request, and throws if it is invalid. `order` is the order for requests without `sort`.
  init(
    _ request: Message, _ fields: ListFields, _ resource: Resource, _ selection: Selection, order: SortOrder
  ) throws(Status) {
    limit = request.has(fields.limit) ? request.int32(fields.limit) : Int32(CallLimits.pageRowsDefault)
    pageNumber = request.has(fields.pageToken) ? nil : request.has(fields.page) ? request.int32(fields.page) : 1
    try ListQuery.check(pageNumber, limit, resource)
    self.selection = selection
    chosen = try resource.choose(request.strings(fields.fields), from: selection.outputs)
    let number = request.has(fields.count) ? request.int32(fields.count) : Count.exact.rawValue
    guard let count = Count(rawValue: number) else {
      throw .malformed("\(number) is none of EXACT, ESTIMATED and NONE", field: "count")
    }
    self.count = count
    var conditions = Conditions()
    if let text = request.string(fields.search) { try conditions.search(text, resource) }
    if let filter = request.message(fields.filter) { try conditions.filter(filter, fields.filters, resource) }
    if let box = request.message(fields.box) { try conditions.box(box, fields.boxParts, resource) }
    distance = try ListQuery.distance(request, fields, resource, &conditions)
    self.conditions = conditions
    self.order = request.has(fields.sort) ? try SortOrder(request.strings(fields.sort), resource) : order
    token = try ListQuery.token(request, fields, self.order, ListQuery.fingerprint(conditions, self.order))
  }

  private static func check(_ page: Int32?, _ limit: Int32, _ resource: Resource) throws(Status) {
    var violations: [FieldViolation] = []
    if let page, !(1...CallLimits.pageNumber).contains(Int(page)) {
      violations.append(.wrong("page", "OUT_OF_RANGE", "is \(page) and must be from 1 to \(CallLimits.pageNumber)"))
    }
    let rows = CallLimits.pageRows
    if !rows.contains(Int(limit)) {
      violations.append(
        .wrong("limit", "OUT_OF_RANGE", "is \(limit) and must be from \(rows.lowerBound) to \(rows.upperBound)"))
    }
    guard violations.isEmpty else { throw .invalid(violations, table: resource.table.name) }
  }

  private static func distance(
    _ request: Message, _ fields: ListFields, _ resource: Resource, _ conditions: inout Conditions
  ) throws(Status) -> String? {
    guard let near = request.message(fields.near) else { return nil }
    for (field, name) in [(fields.sort, "sort"), (fields.pageToken, "page_token")] where request.has(field) {
      throw .malformed("cannot be combined with near, which sorts by distance and is continued by page", field: name)
    }
    return try conditions.near(near, fields.nearParts, resource)
  }

  // MARK: Page tokens

  private static func fingerprint(_ conditions: Conditions, _ order: SortOrder) -> UInt64 {
    var fingerprint = order.fingerprint
    fingerprint.combine(conditions.clause.utf8)
    fingerprint.combine(conditions.parameters.bytes)
    return fingerprint.value
  }

  private static func token(
    _ request: Message, _ fields: ListFields, _ order: SortOrder, _ fingerprint: @autoclosure () -> UInt64
  ) throws(Status) -> PageToken? {
    guard let text = request.string(fields.pageToken) else { return nil }
    guard !request.has(fields.page) else {
      throw .malformed("cannot be combined with page: the token itself gives the position", field: "page_token")
    }
    guard let token = PageToken(text, order), token.fingerprint == fingerprint() else {
      throw .malformed(
        "belongs to a list with another sort, filter or search; start again without it", field: "page_token")
    }
    return token
  }

  /// The page token of the next page; nil if there is no next page, or if the list is sorted by distance.
  func nextToken(_ rows: Rows) -> String? {
    guard rows.count > Int(limit), distance == nil else { return nil }
    let fingerprint = ListQuery.fingerprint(conditions, order)
    return PageToken(after: Int(limit) - 1, of: rows, order, fingerprint: fingerprint)?.text
  }

  // MARK: Statements

  private var offset: Int64 { Int64((pageNumber ?? 1) - 1) * Int64(limit) }

  /// How many rows are read beyond the page. One shows whether there is a next page; a few more often reach the last
  /// row, which gives the total without a count(*).
  private var probe: Int64 { count == .none || token != nil ? 1 : ServiceLimits.listProbeRows }

  private func shape(_ part: ListShape.Part) -> ListShape {
    ListShape(
      part: part, joins: selection.joins, clause: conditions.clause, types: conditions.types,
      order: part.isOrdered ? order : nil, distance: part.isOrdered ? distance : nil)
  }

  /// The statement that reads the page's rows and `probe` more.
  var page: (shape: ListShape, parameters: Parameters) {
    var parameters = conditions.parameters
    parameters.add(Int64(limit) + probe)
    guard let token else {
      parameters.add(offset)
      return (shape(.page), parameters)
    }
    for key in token.keys where !key.isNull { key.add(to: &parameters) }
    return (shape(.behind(nulls: token.keys.map(\.isNull))), parameters)
  }

  /// The statement that counts the rows of all pages.
  var totalOfAllPages: (shape: ListShape, parameters: Parameters) { (shape(.total), conditions.parameters) }

  /// The statement that returns the planner's plan for all rows, as JSON; `rows(inPlan:)` reads the expected number of
  /// rows from it.
  var estimate: (shape: ListShape, parameters: Parameters) { (shape(.estimate), conditions.parameters) }

  /// The statement that declares a cursor over all rows, for an export.
  var cursor: (shape: ListShape, parameters: Parameters) { (shape(.cursor), conditions.parameters) }

  // MARK: Results

  /// The distance of each row in `range`, in kilometres; nil for a list without `near`.
  func distances(_ rows: Rows, _ range: Range<Int>) -> [Double]? {
    guard distance != nil else { return nil }
    return range.map { row in
      rows.int64(row, selection.outputs.count).map { Double(bitPattern: UInt64(bitPattern: $0)) } ?? .nan
    }
  }

  /// The total, if it follows from the number of rows that the statement `page` returned; nil if rows have to be
  /// counted.
  func total(given count: Int) -> Int64? {
    guard token == nil, Int64(count) < Int64(limit) + probe, count > 0 || offset == 0 else { return nil }
    return offset + Int64(count)
  }

  /// A lower bound of the total, given that the statement `page` returned `count` rows.
  func seen(given count: Int) -> Int64 { (count > 0 ? offset : 0) + Int64(count) }

  /// The number of rows that the planner expects, read from the result of the statement `estimate`.
  static func rows(inPlan plan: String?) -> Int64? {
    guard let plan, let name = plan.firstRange(of: "\"Plan Rows\": ") else { return nil }
    return Int64(plan[name.upperBound...].prefix { $0.isNumber })
  }
}
