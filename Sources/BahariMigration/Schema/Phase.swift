/// A step of the migration. Phases 1 to 7 are those of the design's section 5.2; Bahari adds the last one.
package struct Phase: Codable, Hashable, Sendable {
  package let number: Int
  /// The name of the phase, which for phases 1 to 7 is the design's.
  package let name: String

  package static let regions = Phase(number: 1, name: "Rename Master Wilayah Tables")
  package static let organisation = Phase(number: 2, name: "Rename Organization & Staff Tables")
  package static let transactions = Phase(number: 3, name: "Rename Transaction Tables")
  package static let newColumns = Phase(number: 4, name: "Add New Columns to Existing Tables")
  package static let newMasterTables = Phase(number: 5, name: "Create New Master Tables")
  package static let businessKey = Phase(number: 6, name: "Add Foreign Key for jenis_usaha_id")
  package static let newTransactionTables = Phase(number: 7, name: "Create New Transaction Tables")
  package static let additions = Phase(
    number: 8, name: "Additions: search, order and filter indexes, request log, schema version")

  /// All phases, in the order in which they are applied.
  package static let all = [
    regions, organisation, transactions, newColumns, newMasterTables, businessKey, newTransactionTables, additions,
  ]

  package static let last = additions

  package static func numbered(_ number: Int) -> Phase { all[number - 1] }
}
