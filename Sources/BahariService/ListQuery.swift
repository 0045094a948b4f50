import BahariFrame
import BahariMessage
import BahariPostgres

/// A ListRequest, checked and turned into SQL.
struct ListQuery {
  let page: Int32
  let limit: Int32
  /// Which outputs are wanted; nil for all.
  let chosen: [Bool]?
  let selection: Selection
  /// Whether the total is to be counted.
  let counts: Bool
  private let conditions: Conditions
  private let order: String

  /// `order` is what rows are sorted by where the request does not say.
  init(_ request: Message, _ resource: Resource, _ selection: Selection, order: [String]) throws(Status) {
    let fields = RequestFields.shared
    try ListQuery.refuseUnserved(request)
    page = request.has(fields.page) ? request.int32(fields.page) : 1
    limit = request.has(fields.limit) ? request.int32(fields.limit) : Int32(ServiceLimits.listRowsDefault)
    var violations: [FieldViolation] = []
    if !(1...ServiceLimits.pageMaximum).contains(page) {
      violations.append(.wrong("page", "OUT_OF_RANGE", "is \(page) and must be from 1 to \(ServiceLimits.pageMaximum)"))
    }
    let rows = ServiceLimits.listRows
    if !rows.contains(Int(limit)) {
      violations.append(
        .wrong("limit", "OUT_OF_RANGE", "is \(limit) and must be from \(rows.lowerBound) to \(rows.upperBound)"))
    }
    guard violations.isEmpty else { throw .invalid(violations, table: resource.table.name) }
    self.selection = selection
    chosen = try resource.choose(request.strings(fields.listFields), from: selection.outputs)
    counts = !request.has(fields.count) || request.int32(fields.count) == Count.exact
    var conditions = Conditions()
    if let text = request.string(fields.search) { try conditions.search(text, resource) }
    if let filter = request.message(fields.filter) { try conditions.filter(filter, resource) }
    self.conditions = conditions
    let sort = request.has(fields.sort) ? request.strings(fields.sort) : order
    self.order = try ListQuery.order(sort, resource)
  }

  private enum Count {
    static let exact: Int32 = 0
    static let none: Int32 = 2
  }

  /// What the messages foresee and this server does not serve is refused, never passed over.
  private static func refuseUnserved(_ request: Message) throws(Status) {
    let fields = RequestFields.shared
    if request.has(fields.pageToken) {
      throw .malformed("is not served by this version; use page", field: "page_token", reason: "NOT_SERVED")
    }
    for (field, name) in [(fields.near, "near"), (fields.box, "box")] where request.has(field) {
      throw .malformed("is not served by this version; leave it out", field: name, reason: "NOT_SERVED")
    }
    if request.has(fields.count), ![Count.exact, Count.none].contains(request.int32(fields.count)) {
      throw .malformed("must be EXACT or NONE with this version", field: "count", reason: "NOT_SERVED")
    }
  }

  /// ORDER BY, always ended by id, so that pages never overlap.
  private static func order(_ sort: [String], _ resource: Resource) throws(Status) -> String {
    guard sort.count <= ServiceLimits.sortColumns else {
      throw .malformed("names \(sort.count) columns and may name \(ServiceLimits.sortColumns)", field: "sort")
    }
    var terms: [String] = []
    var isDescending = false
    var hasID = false
    for (index, term) in sort.enumerated() {
      let descends = term.hasPrefix("-")
      let name = descends ? String(term.dropFirst()) : term
      guard let column = resource.column(name) else {
        throw .malformed(
          "\(resource.table.name) has no column \(name.debugDescription) to sort by; it has \(resource.columnNames)",
          field: "sort[\(index)]", reason: FieldViolation.unknownReason)
      }
      // Behind the id nothing is left to sort.
      guard !hasID else { continue }
      isDescending = descends
      terms.append(ListQuery.term(column, isDescending))
      hasID = column.name == resource.key.name
    }
    if !hasID { terms.append(term(resource.key, isDescending)) }
    return " ORDER BY " + terms.joined(separator: ", ")
  }

  /// NULLs last either way; said only where it matters, since an index serves the plain form.
  private static func term(_ column: Column, _ isDescending: Bool) -> String {
    let direction = isDescending ? " DESC" + (column.live.isNullable ? " NULLS LAST" : "") : ""
    return "t.\(column.quoted)\(direction)"
  }

  // MARK: Statements

  private var offset: Int64 { Int64(page - 1) * Int64(limit) }

  /// Rows that are asked for beyond the page where the total is wanted.
  private var probe: Int64 { counts ? ServiceLimits.listProbeRows : 0 }

  /// The rows of the page, and some beyond: if they are the last, the total is known without counting.
  var rows: Bound {
    var conditions = conditions
    let limitName = conditions.bind(PostgresType.int8.rawValue) { $0.add(Int64(limit) + probe) }
    let offsetName = conditions.bind(PostgresType.int8.rawValue) { $0.add(offset) }
    let sql =
      "SELECT \(selection.list) FROM \(selection.source)\(conditions.clause)\(order) "
      + "LIMIT \(limitName) OFFSET \(offsetName)"
    return Bound(Statement(sql, conditions.types), conditions.parameters)
  }

  /// The total, if `count` rows of `rows` tell it.
  func total(given count: Int) -> Int64? {
    guard Int64(count) < Int64(limit) + probe, count > 0 || offset == 0 else { return nil }
    return offset + Int64(count)
  }

  /// How many rows there are on all pages. Joined names add and remove no row, so they are left aside.
  func total(_ resource: Resource) -> Bound {
    let sql = "SELECT count(*) FROM \(resource.qualified) AS t\(conditions.clause)"
    return Bound(Statement(sql, conditions.types), conditions.parameters)
  }

  /// A cursor over all rows.
  func cursor(named name: String) -> Bound {
    let sql =
      "DECLARE \(SQL.quote(name)) NO SCROLL CURSOR FOR SELECT \(selection.list) "
      + "FROM \(selection.source)\(conditions.clause)\(order)"
    return Bound(Statement(sql, conditions.types), conditions.parameters)
  }
}
