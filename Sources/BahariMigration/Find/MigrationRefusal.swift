/// The error of a migration or an undo that was not begun: the database is unchanged.
package struct MigrationRefusal: Error, Sendable, CustomStringConvertible {
  package let refusals: [Refusal]

  package init(_ refusals: [Refusal]) { self.refusals = refusals }

  package var description: String { refusals.map(\.message).joined(separator: "\n") }
}
