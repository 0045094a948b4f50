/// An operator of a filter.
public enum Comparison: String, Sendable, CaseIterable {
  case eq, ne, gt, gte, lt, lte
  /// Equal to any of the values, 1,000 at most.
  case `in`
  /// Between two values, both included.
  case between
  /// PostgreSQL's patterns with % and _; `ilike` ignores case.
  case like, ilike
  /// Is NULL; with the value `false`, is not NULL.
  case isNull = "is_null"
}
