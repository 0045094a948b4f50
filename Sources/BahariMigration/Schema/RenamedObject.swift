/// Something of a legacy table that gets a new name.
package struct RenamedObject: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable { case table, index, constraint, sequence }

  package let kind: Kind
  /// The legacy name of its table.
  package let table: String
  package let old: String
  package let new: String
}
