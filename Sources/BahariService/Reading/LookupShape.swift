import BahariPostgres

/// A statement that finds rows by the values of columns, which are its parameters in their order.
struct LookupShape: Hashable {
  enum Rows: Hashable {
    /// The row with this value, as Get returns it.
    case one
    /// The rows with any of an array of values, as Get returns them.
    case many
    /// The row with this value, as writes return it.
    case plain
    /// The id of the newest row with these values; one whose column at the given place is NULL comes first.
    case newestID(nullFirst: Int)
  }

  let rows: Rows
  /// Places of the columns in the resource.
  let columns: [Int]

  func statement(of resource: Resource) -> Statement {
    let columns = columns.map { resource.columns[$0] }
    let conditions = columns.enumerated().map { "\($1.subject) = $\($0 + 1)" }.joined(separator: " AND ")
    let types = columns.map(\.type.rawValue)
    func select(_ selection: Selection) -> String { "SELECT \(selection.list) FROM \(selection.source) WHERE " }
    switch rows {
    case .one: return Statement(select(resource.standard) + conditions, types)
    case .many:
      let (column, type) = (columns[0].subject, columns[0].type.arrayOID)
      return Statement(select(resource.standard) + "\(column) = ANY ($1)", [type])
    case .plain: return Statement(select(resource.plain) + conditions, types)
    case .newestID(let place):
      let (id, open) = (resource.key.subject, resource.columns[place].subject)
      return Statement(
        "SELECT \(id) FROM \(resource.qualified) AS t WHERE \(conditions) "
          + "ORDER BY \(open) IS NULL DESC, \(id) DESC LIMIT 1",
        types)
    }
  }
}
