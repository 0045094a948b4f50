/// The reason why a database cannot be served, with advice.
package struct SchemaError: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
