import BahariFrame
import BahariMessage
import BahariPostgres

/// A ListRequest, checked and turned into SQL.
struct ListQuery {
  /// Nil where a token says where the page begins.
  let page: Int32?
  let limit: Int32
  /// Which outputs are wanted; nil for all.
  let chosen: [Bool]?
  let selection: Selection
  let count: Count
  private let conditions: Conditions
  private let order: SortOrder
  /// The order is the one that rows have where the request does not say.
  private let isInOrder: Bool
  private let token: PageToken?
  /// How far a row is from the point that the list goes by, as text of a statement; nil where it goes by none.
  private let distance: String?

  enum Count: Int32 {
    case exact = 0
    case estimated = 1
    case none = 2
  }

  /// `order` is what rows are sorted by where the request does not say.
  init(_ request: Message, _ resource: Resource, _ selection: Selection, order: SortOrder) throws(Status) {
    let fields = RequestFields.shared
    limit = request.has(fields.limit) ? request.int32(fields.limit) : Int32(ServiceLimits.listRowsDefault)
    page = request.has(fields.pageToken) ? nil : request.has(fields.page) ? request.int32(fields.page) : 1
    try ListQuery.check(page, limit, resource)
    self.selection = selection
    chosen = try resource.choose(request.strings(fields.listFields), from: selection.outputs)
    let number = request.has(fields.count) ? request.int32(fields.count) : Count.exact.rawValue
    guard let count = Count(rawValue: number) else {
      throw .malformed("\(number) is none of EXACT, ESTIMATED and NONE", field: "count")
    }
    self.count = count
    var conditions = Conditions()
    if let text = request.string(fields.search) { try conditions.search(text, resource) }
    if let filter = request.message(fields.filter) { try conditions.filter(filter, resource) }
    if let box = request.message(fields.box) { try conditions.box(box, resource) }
    distance = try ListQuery.distance(request, resource, &conditions)
    self.conditions = conditions
    isInOrder = !request.has(fields.sort)
    self.order = isInOrder ? order : try SortOrder(request.strings(fields.sort), resource)
    token = try ListQuery.token(request, self.order, ListQuery.fingerprint(conditions, self.order))
  }

  private static func check(_ page: Int32?, _ limit: Int32, _ resource: Resource) throws(Status) {
    var violations: [FieldViolation] = []
    if let page, !(1...ServiceLimits.pageMaximum).contains(page) {
      violations.append(.wrong("page", "OUT_OF_RANGE", "is \(page) and must be from 1 to \(ServiceLimits.pageMaximum)"))
    }
    let rows = ServiceLimits.listRows
    if !rows.contains(Int(limit)) {
      violations.append(
        .wrong("limit", "OUT_OF_RANGE", "is \(limit) and must be from \(rows.lowerBound) to \(rows.upperBound)"))
    }
    guard violations.isEmpty else { throw .invalid(violations, table: resource.table.name) }
  }

  private static func distance(
    _ request: Message, _ resource: Resource, _ conditions: inout Conditions
  ) throws(Status) -> String? {
    let fields = RequestFields.shared
    guard let near = request.message(fields.near) else { return nil }
    for (field, name) in [(fields.sort, "sort"), (fields.pageToken, "page_token")] where request.has(field) {
      throw .malformed("goes without near, which sorts by distance and goes on by page", field: name)
    }
    return try conditions.near(near, resource)
  }

  // MARK: Page tokens

  private static func fingerprint(_ conditions: Conditions, _ order: SortOrder) -> UInt64 {
    var fingerprint = order.fingerprint
    fingerprint.combine(conditions.clause.utf8)
    fingerprint.combine(conditions.parameters.bytes)
    return fingerprint.value
  }

  private static func token(
    _ request: Message, _ order: SortOrder, _ fingerprint: @autoclosure () -> UInt64
  ) throws(Status) -> PageToken? {
    let fields = RequestFields.shared
    guard let text = request.string(fields.pageToken) else { return nil }
    guard !request.has(fields.page) else {
      throw .malformed("goes without page: it says itself where the page begins", field: "page_token")
    }
    guard let token = PageToken(text, order), token.fingerprint == fingerprint() else {
      throw .malformed(
        "belongs to a list with another sort, filter or search; begin again without it", field: "page_token")
    }
    return token
  }

  /// What the caller sends to get the rows behind these; nil where there are none.
  func nextToken(_ rows: Rows) -> String? {
    guard rows.count > Int(limit), distance == nil else { return nil }
    let fingerprint = ListQuery.fingerprint(conditions, order)
    return PageToken(after: Int(limit) - 1, of: rows, order, fingerprint: fingerprint)?.text
  }

  // MARK: Statements

  private var offset: Int64 { Int64((page ?? 1) - 1) * Int64(limit) }

  /// Rows that are asked for beyond the page: one tells whether there are more, some often tell the total.
  private var probe: Int64 { count == .none || token != nil ? 1 : ServiceLimits.listProbeRows }

  private var select: String {
    "SELECT \(selection.list)\(distance.map { ", " + $0 } ?? "") FROM \(selection.source)"
  }

  private var orderClause: String {
    distance == nil ? order.clause : " ORDER BY \(selection.outputs.count + 1), t.\"id\""
  }

  /// The rows of the page, and some beyond: if they are the last, the total is known without counting.
  func rows(_ statements: inout ListStatements) -> Bound {
    var conditions = conditions
    let limitName = conditions.bind(PostgresType.int8.rawValue) { $0.add(Int64(limit) + probe) }
    if let token {
      let sql = order.behind(token.keys, select, &conditions, limit: limitName)
      return Bound(Statement(sql, conditions.types), conditions.parameters)
    }
    let offsetName = conditions.bind(PostgresType.int8.rawValue) { $0.add(offset) }
    let statement = statements.statement(isInOrder && distance == nil ? shape(.page) : nil, conditions.types) {
      select + conditions.clause + orderClause + " LIMIT \(limitName) OFFSET \(offsetName)"
    }
    return Bound(statement, conditions.parameters)
  }

  private func shape(_ part: ListStatements.Part) -> ListStatements.Shape {
    ListStatements.Shape(part: part, outputs: selection.outputs.count, clause: conditions.clause)
  }

  /// How far each row is, in kilometres; nil where the list goes by no point.
  func distances(_ rows: Rows, _ range: Range<Int>) -> [Double]? {
    guard distance != nil else { return nil }
    return range.map { row in
      rows.int64(row, selection.outputs.count).map { Double(bitPattern: UInt64(bitPattern: $0)) } ?? .nan
    }
  }

  /// The total, if `count` rows of `rows` tell it.
  func total(given count: Int) -> Int64? {
    guard token == nil, Int64(count) < Int64(limit) + probe, count > 0 || offset == 0 else { return nil }
    return offset + Int64(count)
  }

  /// How many rows there are at least, if `rows` brought `count`.
  func seen(given count: Int) -> Int64 { (count > 0 ? offset : 0) + Int64(count) }

  /// What PostgreSQL's planner expects the total to be, as JSON.
  func estimate(_ resource: Resource) -> Bound {
    let sql = "EXPLAIN (FORMAT JSON) SELECT FROM \(resource.qualified) AS t\(conditions.clause)"
    return Bound(Statement(sql, conditions.types), conditions.parameters)
  }

  /// The number of rows that an answer to `estimate` speaks of.
  static func rows(inPlan plan: String?) -> Int64? {
    guard let plan, let name = plan.firstRange(of: "\"Plan Rows\": ") else { return nil }
    return Int64(plan[name.upperBound...].prefix { $0.isNumber })
  }

  /// How many rows there are on all pages. Joined names add and remove no row, so they are left aside.
  func total(_ resource: Resource, _ statements: inout ListStatements) -> Bound {
    let statement = statements.statement(shape(.total), conditions.types) {
      "SELECT count(*) FROM \(resource.qualified) AS t\(conditions.clause)"
    }
    return Bound(statement, conditions.parameters)
  }

  /// A cursor over all rows.
  func cursor(named name: String) -> Bound {
    let sql = "DECLARE \(SQL.quote(name)) NO SCROLL CURSOR FOR \(select)\(conditions.clause)\(orderClause)"
    return Bound(Statement(sql, conditions.types), conditions.parameters)
  }
}
