/// A column that the server computes if the caller does not give it: on create, and when a column that it depends on
/// changes.
package struct Derived: Sendable {
  package let column: String
  /// The columns that the expression depends on.
  package let sources: [String]
  /// An SQL expression with columns' names in braces.
  package let expression: String

  package init(_ column: String, from sources: [String], _ expression: String) {
    (self.column, self.sources, self.expression) = (column, sources, expression)
  }
}
