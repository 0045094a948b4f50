/// The migration was not begun, or an undo was not: the database is as it was.
package struct MigrationRefusal: Error, Sendable, CustomStringConvertible {
  package let refusals: [Refusal]

  package init(_ refusals: [Refusal]) { self.refusals = refusals }

  package var description: String { refusals.map(\.message).joined(separator: "\n") }
}
