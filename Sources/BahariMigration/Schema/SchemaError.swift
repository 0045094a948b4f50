/// Why a database cannot be served, and what to do.
package struct SchemaError: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
