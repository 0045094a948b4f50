import BahariPostgres

/// Writes the names of database objects in SQL.
enum Identifier {
  /// The longest name that PostgreSQL keeps, in bytes.
  static let limit = 63

  /// Returns the name in quotation marks unless it needs none: a name in the catalog may be any text, even a keyword of
  /// SQL.
  static func quoted(_ name: String) -> String {
    let plain =
      name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
      && name.utf8.first.map { $0 > 57 } == true
    // Keywords of SQL have no underscore, except `current_user` and similar ones.
    let isNoKeyword = name.contains("_") && !name.hasPrefix("current_") && !name.hasSuffix("_user")
    if plain && (isNoKeyword || known.contains(name)) { return name }
    return "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  static func qualified(_ name: String, in schema: String = "public") -> String {
    "\(quoted(schema)).\(quoted(name))"
  }

  private static let known = Set(LegacySchema.names + ["public", "bahari"])
}

extension Session {
  /// The rows of a query whose columns are all text.
  func texts(_ sql: String, _ values: [String?] = []) throws(PostgresError) -> [[String]] {
    let rows = try query(sql, values)
    return (0..<rows.count).map { row in (0..<rows.columns).map { rows.string(row, $0) ?? "" } }
  }

  /// The first column of a query, which is text.
  func column(_ sql: String, _ values: [String?] = []) throws(PostgresError) -> [String] {
    try texts(sql, values).map { $0[0] }
  }
}
