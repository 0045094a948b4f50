/// A joined name: a column of another table that replies include. The other table's row is found by following foreign
/// keys.
package struct Joined: Sendable {
  /// The field of the row message that holds the joined column's value.
  package let field: String
  /// The foreign keys to follow, as names of columns. The first column is in the table itself, and each further one is
  /// in the table that the column before it refers to.
  package let path: [String]
  /// The joined column, in the table to which the last foreign key refers.
  package let column: String

  package init(_ field: String, through path: [String], _ column: String) {
    self.field = field
    self.path = path
    self.column = column
  }
}
