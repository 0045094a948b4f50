import BahariFrame

/// A column that a list is sorted by.
struct SortTerm: Sendable {
  let column: Column
  let isDescending: Bool
  /// Where the column stands among the outputs of a selection, from 0.
  let place: Int

  /// How the order goes on behind `subject`: NULLs last either way; said only where it matters, since an index
  /// serves the plain form.
  func direction(of subject: String) -> String {
    subject + (isDescending ? " DESC" + (column.live.isNullable ? " NULLS LAST" : "") : "")
  }
}
