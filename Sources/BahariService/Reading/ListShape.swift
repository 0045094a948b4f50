import BahariPostgres

/// Everything that the text of a list's statement depends on. The statement's first parameters are those of the
/// conditions.
struct ListShape: Hashable {
  enum Part: Hashable {
    /// The rows of a page that is given by its number; the last two parameters are the limit and the offset.
    case page
    /// The rows of the page after a given row; the last parameters are the limit and those keys of the row that are not
    /// NULL.
    case behind(nulls: [Bool])
    /// The number of rows on all pages.
    case total
    /// The planner's plan for the list, as JSON.
    case estimate
    /// A cursor over all rows, called `cursorName`.
    case cursor

    var isOrdered: Bool { self != .total && self != .estimate }
  }

  static let cursorName = "rows"

  let part: Part
  /// Whether the list includes joined names.
  let joins: Bool
  /// " WHERE …" with the conditions of the request's filter, search and position; empty without conditions.
  let clause: String
  /// The types of the conditions' parameters.
  let types: [UInt32]
  /// The order of the rows; nil for a statement that needs none.
  let order: SortOrder?
  /// SQL for the distance by which the rows are sorted, instead of by `order`; nil without such a distance.
  let distance: String?

  func statement(of resource: Resource) -> Statement {
    let selection = joins ? resource.related : resource.plain
    let select = "SELECT \(selection.list)\(distance.map { ", " + $0 } ?? "") FROM \(selection.source)"
    let order =
      distance == nil
      ? order?.clause ?? "" : " ORDER BY \(selection.outputs.count + 1), \(resource.key.subject)"
    switch part {
    case .page:
      let (limit, offset) = ("$\(types.count + 1)", "$\(types.count + 2)")
      return Statement("\(select)\(clause)\(order) LIMIT \(limit) OFFSET \(offset)", types + [int8, int8])
    case .behind(let nulls): return behind(nulls, select)
    // Joined names add and remove no row, so a count leaves them out.
    case .total: return Statement("SELECT count(*) FROM \(resource.qualified) AS t\(clause)", types)
    case .estimate:
      return Statement("EXPLAIN (FORMAT JSON) SELECT FROM \(resource.qualified) AS t\(clause)", types)
    case .cursor:
      let cursor = SQL.quote(ListShape.cursorName)
      return Statement("DECLARE \(cursor) NO SCROLL CURSOR FOR \(select)\(clause)\(order)", types)
    }
  }

  private var int8: UInt32 { PostgresType.int8.rawValue }

  /// Selects the rows that come after a given row in an order of several columns. Such a row equals the given row in
  /// the first n columns and comes after it in the next one. Each n gets its own subquery, which reads an index from
  /// the given row's keys on, so a page costs the same however many pages come before it.
  private func behind(_ nulls: [Bool], _ select: String) -> Statement {
    guard let order else { preconditionFailure("a page behind a row has an order") }
    let limit = "$\(types.count + 1)"
    var types = types + [int8]
    let names = zip(order.terms, nulls).map { term, isNull -> String? in
      guard !isNull else { return nil }
      types.append(term.column.type.rawValue)
      return "$\(types.count)"
    }
    func rows(where condition: String) -> String {
      select + (clause.isEmpty ? " WHERE " : clause + " AND ") + condition
    }
    let branches = order.cases(behind: names).map { rows(where: $0) + order.clause + " LIMIT " + limit }
    switch branches.count {
    case 0: return Statement(rows(where: "false"), types)
    case 1: return Statement(branches[0], types)
    default:
      let union = branches.map { "(\($0))" }.joined(separator: " UNION ALL ")
      return Statement("\(union)\(order.clauseByPlace) LIMIT \(limit)", types)
    }
  }
}
