import BahariPostgres

/// The state and the content of a database, as far as a migration needs them. Inspecting a database changes nothing in
/// it.
package struct Inspection: Codable, Sendable {
  package enum State: String, Codable, Sendable {
    /// The database has no tables: `baharid serve` creates the current schema in it.
    case empty
    case legacy
    /// The database is the old service's, with some but not all phases of the migration applied.
    case partial
    case current
    /// The database cannot be migrated: it has another program's tables, or the legacy tables in another schema.
    case foreign
  }

  package struct Table: Codable, Sendable {
    package let legacyName: String
    /// The table's present name: the new one if the table is renamed, else the legacy one.
    package let name: String
    package let owner: String
    package let rows: Int64
    package let bytes: Int64
  }

  /// A column of a legacy table that only this installation has. The migration keeps it, and fingerprints include its
  /// values.
  package struct ExtraColumn: Codable, Hashable, Sendable {
    package let table: String
    package let column: String
    package let type: String
    /// Whether the column is NOT NULL without a default, so that every insert must give a value.
    package let isMandatory: Bool
  }

  /// An object of another program that uses legacy tables.
  package struct Dependent: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable { case function, view, trigger, foreignKey, policy }
    package let kind: Kind
    package let name: String
    /// The legacy names of the tables that the object uses.
    package let tables: [String]
    /// Whether the object finds its tables by name when it runs, so that after the migration it fails without the views
    /// under the old names.
    package let breaks: Bool
  }

  package let state: State
  package let database: String
  package let user: String
  /// PostgreSQL's version as one number: 150018 is version 15.18.
  package let serverVersion: Int
  package let appliedPhases: [Int]
  package let tables: [Table]
  package let missing: [ExpectedObject]
  package let extraColumns: [ExtraColumn]
  /// Tables and views in `public` that belong neither to the old service, nor to Bahari, nor to an extension.
  package let others: [String]
  package let dependents: [Dependent]
  /// Grants on legacy tables to roles other than the tables' owners, one line each. The migration keeps them.
  package let grants: [String]
  /// Names of the tables in the schema `bahari_undone`: they have the rows and values that an undo kept and that the
  /// next migration restores.
  package let kept: [String]
  package let longTransactions: [Blocker]
  package let databaseBytes: Int64
  /// Free bytes on the disk of PostgreSQL's data directory; nil if this process cannot find out.
  package let freeBytes: Int64?
  package let warnings: [String]
  package let refusals: [Refusal]

  /// The number of rows in all legacy tables together.
  package var rows: Int64 { tables.reduce(0) { $0 + $1.rows } }
}
