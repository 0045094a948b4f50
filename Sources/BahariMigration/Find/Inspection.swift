import BahariPostgres

/// The state and the content of a database, as far as a migration is concerned. Reading it changes nothing.
package struct Inspection: Codable, Sendable {
  package enum State: String, Codable, Sendable {
    /// There are no tables: `baharid serve` creates the final schema.
    case empty
    case legacy
    /// Some phases are applied.
    case partial
    case current
    /// The tables of another program.
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
    /// NOT NULL without a default: every insert must have a value.
    package let isMandatory: Bool
  }

  /// An object of another program that uses legacy tables.
  package struct Dependent: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable { case function, view, trigger, foreignKey, policy }
    package let kind: Kind
    package let name: String
    /// The legacy tables.
    package let tables: [String]
    /// Whether it finds tables by name when it runs: without the views under the old names it fails, and only then.
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
  /// Grants on legacy tables to roles other than their owners, a line each. They stay.
  package let grants: [String]
  /// Tables and columns that an undo kept and that the next migration restores.
  package let kept: [String]
  package let longTransactions: [Blocker]
  package let databaseBytes: Int64
  /// Free bytes on the disk of the data directory; nil where this process cannot find out.
  package let freeBytes: Int64?
  package let warnings: [String]
  package let refusals: [Refusal]

  /// Rows of all legacy tables.
  package var rows: Int64 { tables.reduce(0) { $0 + $1.rows } }
}
