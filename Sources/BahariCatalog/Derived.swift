/// A column that the server computes unless the caller sets it: when a row is created, and when one of the columns in
/// its expression changes.
package struct Derived: Sendable {
  package let column: String
  /// The names of the columns in the expression.
  package let sources: [String]
  /// An SQL expression, in which each column's name is in braces.
  package let expression: String

  package init(_ column: String, from sources: [String], _ expression: String) {
    (self.column, self.sources, self.expression) = (column, sources, expression)
  }
}
