/// Why a connection to PostgreSQL could not be made, usually in libpq's own words; for the log.
package struct ConnectError: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
