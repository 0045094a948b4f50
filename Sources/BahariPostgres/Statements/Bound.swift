/// A statement with the values of its parameters.
package struct Bound: Sendable {
  package let statement: Statement
  package let parameters: Parameters

  package init(_ statement: Statement, _ parameters: Parameters = Parameters()) {
    precondition(statement.parameterTypes.count == parameters.count, statement.sql)
    self.statement = statement
    self.parameters = parameters
  }
}
