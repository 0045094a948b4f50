import BahariCatalog
import BahariPostgres

/// How `search` finds rows: case-insensitive substrings of columns, and of names joined from other tables.
struct SearchSQL: Sendable {
  private let own: [String]
  /// Selects the ids of rows whose joined names match, each ending where the pattern's name follows.
  private let joined: [String]
  private let key: String
  private let table: String

  init(_ parts: SchemaCheck.Parts, _ schema: LiveSchema) {
    key = parts.key.quoted
    table = SQL.table(parts.table.name)
    own = parts.table.search.filter { name in parts.columns.contains { $0.name == name } }
    joined = parts.table.search.compactMap { name in
      guard let joined = parts.table.joined.first(where: { $0.field == name }) else { return nil }
      return SearchSQL.ids(joined, parts, schema)
    }
  }

  private static func ids(_ joined: Joined, _ parts: SchemaCheck.Parts, _ schema: LiveSchema) -> String? {
    guard case .success(let keys) = schema.path(from: parts.table.name, through: joined.path) else { return nil }
    var source = "\(SQL.table(parts.table.name)) AS s"
    var alias = "s"
    for (depth, (column, key)) in zip(joined.path, keys).enumerated() {
      guard let target = key.targetColumns.first else { return nil }
      let next = "s\(depth)"
      let matches = "\(next).\(SQL.quote(target)) = \(alias).\(SQL.quote(column))"
      source += " JOIN \(SQL.table(key.target)) AS \(next) ON \(matches)"
      alias = next
    }
    return "SELECT s.\(parts.key.quoted) FROM \(source) WHERE \(alias).\(SQL.quote(joined.column)) ILIKE "
  }

  /// The condition on rows of the table as `t`. `pattern` is the parameter's name.
  ///
  /// Where other tables are searched too, each place gives its ids by an index of its own, and the rows are those of
  /// all ids: an OR across joins would read every row.
  func condition(_ pattern: String) -> String {
    guard !joined.isEmpty else { return "(" + matches("t", pattern) + ")" }
    var parts = joined.map { $0 + pattern }
    if !own.isEmpty { parts.append("SELECT s.\(key) FROM \(table) AS s WHERE \(matches("s", pattern))") }
    return "t.\(key) IN (\(parts.joined(separator: " UNION ")))"
  }

  private func matches(_ alias: String, _ pattern: String) -> String {
    own.map { "\(alias).\(SQL.quote($0)) ILIKE \(pattern)" }.joined(separator: " OR ")
  }
}
