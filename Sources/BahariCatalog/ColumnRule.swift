/// A limit on the values of one column. A value outside the limit is refused in new rows and in updates that change it.
package enum ColumnRule: Sendable {
  /// The column's name, its minimum and its maximum. Both limits are inclusive.
  case between(String, Double, Double)

  /// Returns a rule for each of the columns that sets a minimum and no maximum.
  package static func atLeast(_ low: Double, _ columns: String...) -> [ColumnRule] {
    columns.map { .between($0, low, .infinity) }
  }

  package static func latitude(_ column: String) -> ColumnRule { .between(column, -90, 90) }
  package static func longitude(_ column: String) -> ColumnRule { .between(column, -180, 180) }

  package var column: String {
    switch self {
    case .between(let column, _, _): column
    }
  }
}
