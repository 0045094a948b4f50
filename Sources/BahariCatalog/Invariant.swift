/// A rule for a row beyond the limits of its columns. A write that breaks it is refused.
///
/// To add a rule of an existing kind: a line in the table's literal. To add a kind: a case here, its SQL in `Guard`
/// and its English sentence in `CatalogText` (both in BahariService).
package enum Invariant: Sendable {
  /// The column's value is one of these.
  case oneOf(String, [String])
  /// The column's value is one of the keys, and an update may change it only to a value in the key's list.
  case flow(String, [String: [String]])
  /// Each column's value is at most the next column's. A pair of which one is NULL passes.
  case ordered([String])
  /// The row that the first column refers to has the same value in the column `on` as this row.
  case agrees(String, on: String)
  /// The column refers to the same table, and following it from row to row never returns to a row.
  case acyclic(String)
  /// The column holds a list of ids, and each exists. A key is an id's number of digits, or 0 for any; its value is the
  /// table in which ids of this length must exist.
  case idsExist(String, in: [Int: String])
  /// A write makes no second row with the same values in these columns. Old data may have such rows, therefore it is
  /// not a unique index.
  case oneRowPer([String])

  /// The column and its list of allowed values; nil if the rule does not define one.
  package var allowed: (column: String, values: [String])? {
    switch self {
    case .oneOf(let column, let values): (column, values)
    case .flow(let column, let next): (column, next.keys.sorted())
    default: nil
    }
  }

  /// The columns that the rule compares.
  package var columns: [String] {
    switch self {
    case .oneOf(let column, _), .flow(let column, _), .acyclic(let column), .idsExist(let column, _): [column]
    case .ordered(let columns), .oneRowPer(let columns): columns
    case .agrees(let column, let other): [column, other]
    }
  }
}
