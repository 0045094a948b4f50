/// A legacy table, or an index, constraint or sequence of one, that gets a new name.
package struct RenamedObject: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable { case table, index, constraint, sequence }

  package let kind: Kind
  /// The legacy name of the table that the object is or belongs to.
  package let table: String
  package let old: String
  package let new: String
}
