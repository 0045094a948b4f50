import BahariPostgres

/// What a database is and holds, as a migration sees it. Reading it changes nothing.
package struct Inspection: Codable, Sendable {
  package enum State: String, Codable, Sendable {
    /// Nothing is there: `baharid serve` makes the final schema at once.
    case empty
    case legacy
    /// Some phases are applied.
    case partial
    case current
    /// Something else.
    case foreign
  }

  package struct Table: Codable, Sendable {
    package let legacyName: String
    /// Its present name.
    package let name: String
    package let owner: String
    package let rows: Int64
    package let bytes: Int64
  }

  /// A column that only this installation has. It stays, and its values count in the fingerprints.
  package struct ExtraColumn: Codable, Hashable, Sendable {
    package let table: String
    package let column: String
    package let type: String
    /// Must be given on every insert.
    package let isMandatory: Bool
  }

  /// Something of others that uses legacy tables.
  package struct Dependent: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable { case function, view, trigger, foreignKey, policy }
    package let kind: Kind
    package let name: String
    /// The legacy tables.
    package let tables: [String]
    /// Whether it looks tables up by name when it runs: without the views under the old names it breaks silently.
    package let breaks: Bool
  }

  package let state: State
  package let database: String
  package let user: String
  /// As PostgreSQL numbers it: 150018.
  package let serverVersion: Int
  package let appliedPhases: [Int]
  package let tables: [Table]
  package let missing: [ExpectedObject]
  package let extraColumns: [ExtraColumn]
  /// Other relations in `public`.
  package let others: [String]
  package let dependents: [Dependent]
  /// Grants on legacy tables to others than their owners, a line each. They stay.
  package let grants: [String]
  /// Tables and columns that an undo kept and that come back.
  package let kept: [String]
  package let longTransactions: [Blocker]
  package let databaseBytes: Int64
  /// Of the file system of the data directory; nil where it cannot be seen from here.
  package let freeBytes: Int64?
  package let warnings: [String]
  package let refusals: [Refusal]

  /// Rows of all legacy tables.
  package var rows: Int64 { tables.reduce(0) { $0 + $1.rows } }
}
