/// An operator with which a filter compares a column with one or more values.
public enum Comparison: String, Sendable, CaseIterable {
  case eq, ne, gt, gte, lt, lte
  /// The column equals one of the values; at most 1,000 values.
  case `in`
  /// The column is between two values, both included.
  case between
  /// The column matches a pattern of PostgreSQL's LIKE, with % and _; `ilike` ignores case.
  case like, ilike
  /// The column is NULL; with the value `false`, the column is not NULL.
  case isNull = "is_null"
}
