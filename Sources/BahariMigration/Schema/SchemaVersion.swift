/// One version of the database's schema: statements that are applied once. An applied version is never edited; a change
/// of the schema is a new version.
package struct SchemaVersion: Sendable {
  let number: Int
  let name: String
  /// Extensions that the statements need. `RequiredExtension` puts their schemas on the search path, so that the
  /// statements need not name these schemas.
  var extensions: [RequiredExtension] = []
  let statements: [String]
}

extension SchemaVersion {
  /// The table that a statement of a version creates, or creates an index on.
  static func table(of sql: String) -> String { tableNames[sql] ?? parsedTable(of: sql) }

  /// The table of each statement. Every plan needs the tables of all statements several times, so they are parsed once.
  private static let tableNames = Dictionary(
    SchemaVersions.all.flatMap(\.statements).map { ($0, parsedTable(of: $0)) }, uniquingKeysWith: { first, _ in first })

  private static func parsedTable(of sql: String) -> String {
    let schema = ["public.", "bahari."].compactMap { sql.firstRange(of: $0) }.min { $0.lowerBound < $1.lowerBound }
    return String((schema.map { sql[$0.upperBound...] } ?? "").prefix { $0.isLetter || $0.isNumber || $0 == "_" })
  }

  /// The name of the table or index that a statement creates; nil for any other statement.
  static func name(of sql: String) -> String? {
    let words = sql.split(maxSplits: 3, whereSeparator: \.isWhitespace)
    guard words.count > 2, words[0] == "CREATE" else { return nil }
    return words[1] == "TABLE" ? table(of: sql) : String(words[2])
  }
}
