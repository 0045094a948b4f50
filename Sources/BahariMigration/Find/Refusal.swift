/// A reason why a migration or an undo is refused before it changes anything, with advice.
package struct Refusal: Codable, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: String, Codable, Sendable {
    case state, encoding, missingTable, missingColumn, columnExists, type, mandatoryColumn, orphans, duplicates
    case missingValue, nameTaken, keyElsewhere, editedPhase, privilege, dump, prepared, secondMigrator, locked
    case extensionMissing, kept
  }

  package let reason: Reason
  package let message: String
  package var table: String?
  package var column: String?
  /// The ids of the first ten rows that are the reason for the refusal.
  package var ids: [String] = []

  package init(
    _ reason: Reason, _ message: String, table: String? = nil, column: String? = nil, ids: [String] = []
  ) {
    self.reason = reason
    self.message = message
    self.table = table
    self.column = column
    self.ids = ids
  }

  package var description: String { message }
}
