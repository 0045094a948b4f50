/// One step of the schema, applied once and never edited afterwards: a change is a new step.
package struct SchemaVersion: Sendable {
  let number: Int
  let name: String
  /// Extensions that the statements need. Once they are there, their operators are found without a schema's name.
  var extensions: [RequiredExtension] = []
  let statements: [String]
}

extension SchemaVersion {
  /// The table that a statement of a version makes, or makes an index on.
  static func table(of sql: String) -> String {
    let schema = ["public.", "bahari."].compactMap { sql.firstRange(of: $0) }.min { $0.lowerBound < $1.lowerBound }
    return String((schema.map { sql[$0.upperBound...] } ?? "").prefix { $0.isLetter || $0.isNumber || $0 == "_" })
  }

  /// The name of the table or index that it makes.
  static func name(of sql: String) -> String? {
    let words = sql.split(maxSplits: 3, whereSeparator: \.isWhitespace)
    guard words.count > 2, words[0] == "CREATE" else { return nil }
    return words[1] == "TABLE" ? table(of: sql) : String(words[2])
  }
}
