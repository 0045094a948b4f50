import BahariFrame

/// A column that a list is sorted by.
struct SortTerm: Sendable {
  let column: Column
  let isDescending: Bool
  /// The column's index among the outputs of a selection, from 0.
  let place: Int

  /// `subject` with its sort direction; NULLs come last in both directions. NULLS LAST is written only for a descending
  /// nullable column: for an ascending one it is the default, and on a NOT NULL column it would keep PostgreSQL from
  /// using the index.
  func direction(of subject: String) -> String {
    subject + (isDescending ? " DESC" + (column.live.isNullable ? " NULLS LAST" : "") : "")
  }
}
