import BahariCatalog
import BahariPostgres

/// Text of statements. Identifiers come from the catalog alone, values are always parameters.
enum SQL {
  static func quote(_ identifier: String) -> String {
    "\"" + identifier.replacing("\"", with: "\"\"") + "\""
  }

  /// A text of the catalog's as a constant; never one of a caller's.
  static func literal(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  static func table(_ name: String) -> String { "public." + quote(name) }

  /// Selecting rows of a table as `t`, with or without the names joined to it.
  static func selection(_ parts: SchemaCheck.Parts, _ schema: LiveSchema, joins: Bool) -> Selection {
    var outputs = parts.columns.map { Output($0) }
    var list = parts.columns.map { "t." + $0.quoted }
    outputs.append(Output(name: "version", number: Numbers.version, type: .xid))
    list.append("t.xmin")
    var source = "\(table(parts.table.name)) AS t"
    var aliases: [[String]: (alias: String, table: String)] = [[]: ("t", parts.table.name)]
    for joined in joins ? parts.table.joined : [] {
      for depth in joined.path.indices {
        join(Array(joined.path[...depth]), schema, &aliases, &source)
      }
      guard let last = aliases[joined.path], let field = parts.row.field(joined.field),
        let column = schema.tables[last.table]?.column(joined.column)
      else { continue }
      outputs.append(
        Output(name: joined.field, number: field.number, type: PostgresType(rawValue: column.typeOID) ?? .text))
      list.append("\(last.alias).\(quote(joined.column))")
    }
    return Selection(outputs: outputs, list: list.joined(separator: ", "), source: source)
  }

  private static func join(
    _ path: [String], _ schema: LiveSchema, _ aliases: inout [[String]: (alias: String, table: String)],
    _ source: inout String
  ) {
    guard aliases[path] == nil, let column = path.last, let before = aliases[Array(path.dropLast())],
      let key = schema.tables[before.table]?.foreignKey(of: column), let target = key.targetColumns.first
    else { return }
    let alias = "j\(aliases.count)"
    source +=
      " LEFT JOIN \(table(key.target)) AS \(alias) ON \(alias).\(quote(target)) = \(before.alias).\(quote(column))"
    aliases[path] = (alias, key.target)
  }

  static func get(_ selection: Selection, by column: Column) -> Statement {
    Statement(
      "SELECT \(selection.list) FROM \(selection.source) WHERE t.\(column.quoted) = $1", [column.type.rawValue])
  }

  static func getMany(_ selection: Selection, by column: Column) -> Statement {
    Statement(
      "SELECT \(selection.list) FROM \(selection.source) WHERE t.\(column.quoted) = ANY ($1)",
      [column.type.arrayOID])
  }

  static func lock(_ resource: Resource) -> Statement {
    Statement(
      "SELECT t.xmin::text FROM \(resource.qualified) AS t WHERE t.\(resource.key.quoted) = $1 FOR UPDATE",
      [resource.key.type.rawValue])
  }

  /// Parameters: the key, then the version when there is one, then the request's.
  static func delete(_ resource: Resource, hasVersion: Bool, cascade: Bool, loggedMethod: String?) -> Statement {
    let version = hasVersion ? " AND t.xmin::text = $2" : ""
    let childless = cascade ? "" : resource.cascades.children.map { " AND NOT EXISTS (\($0))" }.joined()
    return WriteSQL(resource: resource, given: [], isUpdate: true, loggedMethod: loggedMethod).returning(
      "DELETE FROM \(resource.qualified) AS t WHERE t.\(resource.key.quoted) = $1\(version)\(childless)",
      [resource.key.type.rawValue] + (hasVersion ? [PostgresType.text.rawValue] : []))
  }
}

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

/// The rows of other tables that a delete would take along, by the foreign keys that cascade.
struct Cascades: Sendable {
  /// One subquery per referring table: rows that refer to `t`.
  let children: [String]
  /// Every table that loses rows, directly or through others, and how to count them; $1 is the key.
  let counts: [(table: String, statement: Statement)]

  init(of table: String, key: Column, _ schema: LiveSchema) {
    children = schema.references(to: table).filter(\.cascades).map { reference in
      let conditions = zip(reference.columns, reference.targetColumns)
        .map { "c.\(SQL.quote($0)) = t.\(SQL.quote($1))" }.joined(separator: " AND ")
      return "SELECT FROM \(SQL.table(reference.table)) AS c WHERE \(conditions)"
    }
    var counts: [(String, Statement)] = []
    var seen: Set<String> = [table]
    Cascades.walk(table, "\(key.quoted) = $1", schema, &seen) { name, condition in
      let sql = "SELECT count(*) FROM \(SQL.table(name)) WHERE \(condition)"
      counts.append((name, Statement(sql, [key.type.rawValue])))
    }
    self.counts = counts
  }

  private static func walk(
    _ table: String, _ condition: String, _ schema: LiveSchema, _ seen: inout Set<String>,
    _ found: (String, String) -> Void
  ) {
    for reference in schema.references(to: table) where reference.cascades && seen.insert(reference.table).inserted {
      let columns = reference.columns.map(SQL.quote).joined(separator: ", ")
      let targets = reference.targetColumns.map(SQL.quote).joined(separator: ", ")
      let nested = "(\(columns)) IN (SELECT \(targets) FROM \(SQL.table(table)) WHERE \(condition))"
      found(reference.table, nested)
      walk(reference.table, nested, schema, &seen, found)
    }
  }
}
