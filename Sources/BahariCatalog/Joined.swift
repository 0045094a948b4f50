/// A joined name: a column of another table, found by following foreign keys, that replies include.
package struct Joined: Sendable {
  /// The row message's field that holds it.
  package let field: String
  /// The columns with the foreign keys to follow. The first is in the table itself, each next one in the table that the
  /// one before refers to.
  package let path: [String]
  /// The column of the table at the end of the path.
  package let column: String

  package init(_ field: String, through path: [String], _ column: String) {
    self.field = field
    self.path = path
    self.column = column
  }
}
