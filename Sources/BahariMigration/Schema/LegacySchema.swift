/// The schema of the old service's database, which a migration starts from.
package enum LegacySchema {
  /// The old service's tables, in an order in which they can be created: a table comes after those that it refers to.
  package static let tables: [LegacyTable] = regions + organisation + groups

  package static let names = tables.map(\.name)

  /// How many legacy tables a database needs to count as the old service's. A few may be chance: another program may
  /// have a table called `roles`, too.
  static let majority = tables.count / 2 + 1

  static func isMajority(_ count: Int) -> Bool { count >= majority }

  package static func table(_ name: String) -> LegacyTable? { tables.first { $0.name == name } }

  /// The statements that create the legacy tables in an empty database.
  package static var statements: [String] {
    tables.map(createTable) + tables.flatMap(addForeignKeys) + tables.flatMap(createIndexes)
  }

  private static func createTable(_ table: LegacyTable) -> String {
    let columns = table.columns.map { "\($0.name) \($0.definition)" + ($0.name == "id" ? " PRIMARY KEY" : "") }
    let keys = table.unique.map { "CONSTRAINT \($0.name) UNIQUE (\($0.columns.joined(separator: ", ")))" }
    return "CREATE TABLE public.\(table.name) (\n  " + (columns + keys).joined(separator: ",\n  ") + "\n)"
  }

  private static func addForeignKeys(_ table: LegacyTable) -> [String] {
    table.foreignKeys.map {
      "ALTER TABLE public.\(table.name) ADD CONSTRAINT \(table.name(of: $0)) \($0.clause(target: $0.target))"
    }
  }

  private static func createIndexes(_ table: LegacyTable) -> [String] {
    table.indexes.map {
      "CREATE INDEX \($0.name) ON public.\(table.name) (\($0.columns.joined(separator: ", ")))"
    }
  }
}
