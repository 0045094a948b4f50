/// A rule for a row, beyond the minimum and maximum of a column's values (`ColumnRule`). A write that violates it is
/// refused.
///
/// To add a rule of an existing kind, add a line to the table's literal. To add a kind, add a case here, its SQL in
/// `Guard` and its English sentence in `CatalogText` (both in BahariService).
package enum Invariant: Sendable {
  /// The column's value is one of those in the list.
  case oneOf(String, [String])
  /// The column's value is one of the dictionary's keys. An update may change it only to a value in the list of the old
  /// value.
  case flow(String, [String: [String]])
  /// The columns' values are in ascending order; neighbours may be equal. A NULL is not compared with its neighbours.
  case ordered([String])
  /// The first column is a foreign key. The row that it refers to has the same value in the column `on` as this row.
  case agrees(String, on: String)
  /// The column refers to another row of the same table, such as a parent, and these references form no cycle.
  case acyclic(String)
  /// The column holds a list of ids that must exist. The dictionary has the table for the ids with a certain number of
  /// digits; the key 0 stands for any number.
  case idsExist(String, in: [Int: String])
  /// A write must not add a second row with the same values in these columns. A unique index cannot check this, because
  /// old data may have such rows.
  case oneRowPer([String])

  /// The rule's column and the values that the column may have; nil if the rule does not list values.
  package var allowed: (column: String, values: [String])? {
    switch self {
    case .oneOf(let column, let values): (column, values)
    case .flow(let column, let next): (column, next.keys.sorted())
    default: nil
    }
  }

  /// The columns of the row that the rule checks.
  package var columns: [String] {
    switch self {
    case .oneOf(let column, _), .flow(let column, _), .acyclic(let column), .idsExist(let column, _): [column]
    case .ordered(let columns), .oneRowPer(let columns): columns
    case .agrees(let column, let other): [column, other]
    }
  }
}
