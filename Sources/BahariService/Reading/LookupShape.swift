import BahariPostgres

/// A statement that finds rows by the values of columns; these values are its parameters, in the order of the columns.
struct LookupShape: Hashable {
  enum Rows: Hashable {
    /// The row with the given values, with the outputs that Get returns.
    case one
    /// The rows whose column has one of an array of values, with the outputs that Get returns.
    case many
    /// The row with the given values, with the outputs that writes return.
    case plain
    /// The id of the newest row with the given values. Rows with NULL in the column with index `nullFirst` are
    /// preferred.
    case newestID(nullFirst: Int)
  }

  let rows: Rows
  /// The indexes of the columns in the resource.
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
