import BahariCatalog
import BahariPostgres

/// SQL for the `search` of a list: it finds substrings, ignoring case, in columns of the table and in joined names.
struct SearchSQL: Sendable {
  private let own: [String]
  /// One SELECT per joined name, for the ids of rows whose joined name matches; the name of the pattern's parameter has
  /// to be appended.
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

  /// The condition on rows of the table, whose alias is `t`. `pattern` is the name of the pattern's parameter, such as
  /// $3.
  ///
  /// If joined names are searched too, the ids found in each table are combined by UNION, and a row matches if its id
  /// is among them. Each table is then searched by its own index, while an OR across joins would read every row.
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
