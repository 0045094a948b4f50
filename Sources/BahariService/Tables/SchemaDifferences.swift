import BahariCatalog
import BahariMessage
import BahariPostgres

/// Everything in which catalog, .proto and PostgreSQL differ, one line each.
package struct SchemaDifferences: Error, Sendable, CustomStringConvertible {
  package let lines: [String]

  init(_ lines: [String]) { self.lines = lines }

  package var description: String { lines.joined(separator: "\n") }
}
