/// How a condition compares a column.
public enum Comparison: String, Sendable, CaseIterable {
  case eq, ne, gt, gte, lt, lte
  /// Any of the values.
  case `in`
  /// Two values, both included.
  case between
  /// PostgreSQL's patterns with % and _; `ilike` takes either case.
  case like, ilike
  /// No value, or `false` for its opposite.
  case isNull = "is_null"
}
