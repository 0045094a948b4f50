import BahariPostgres

/// Everything that the text of a list's statement depends on. Its parameters are those of the conditions first.
struct ListShape: Hashable {
  enum Part: Hashable {
    /// A page by its number; then come the limit and the offset.
    case page
    /// The page behind a row; then come the limit and those keys of the row that are not NULL.
    case behind(nulls: [Bool])
    /// The number of rows on all pages.
    case total
    /// The planner's plan, as JSON.
    case estimate
    /// A cursor over all rows, called `cursorName`.
    case cursor

    var isOrdered: Bool { self != .total && self != .estimate }
  }

  static let cursorName = "rows"

  let part: Part
  /// Whether joined names come along.
  let joins: Bool
  /// " WHERE …" of the filter, the search and the place, or nothing.
  let clause: String
  /// The types of the conditions' parameters.
  let types: [UInt32]
  /// Nil for a part that needs none.
  let order: SortOrder?
  /// SQL of the distance that rows are sorted by instead.
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
    // Joined names add and remove no row, so they are left out.
    case .total: return Statement("SELECT count(*) FROM \(resource.qualified) AS t\(clause)", types)
    case .estimate:
      return Statement("EXPLAIN (FORMAT JSON) SELECT FROM \(resource.qualified) AS t\(clause)", types)
    case .cursor:
      let cursor = SQL.quote(ListShape.cursorName)
      return Statement("DECLARE \(cursor) NO SCROLL CURSOR FOR \(select)\(clause)\(order)", types)
    }
  }

  private var int8: UInt32 { PostgresType.int8.rawValue }

  /// In an order of several columns, a row comes after the keys if it is equal in the first n columns and greater in
  /// the next. Each n is a subquery of its own that reads an index from the key on, so every page costs the same,
  /// however deep it is.
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
