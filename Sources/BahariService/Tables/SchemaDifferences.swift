import BahariCatalog
import BahariMessage
import BahariPostgres

/// All differences between the catalog, the .proto files and the database, and all faults of the database that
/// `LiveFindings` found, one line each. The daemon does not serve tables that differ.
package struct SchemaDifferences: Error, Sendable, CustomStringConvertible {
  package let lines: [String]

  init(_ lines: [String]) { self.lines = lines }

  package var description: String { lines.joined(separator: "\n") }
}
