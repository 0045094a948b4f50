/// A limit on one column's values. A value outside is refused in new rows and when an update changes it.
package enum ColumnRule: Sendable {
  /// The column, its minimum and its maximum, both inclusive.
  case between(String, Double, Double)

  /// A minimum, without a maximum, for each of the columns.
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
