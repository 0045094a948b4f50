import BahariCatalog
import BahariPostgres

/// Builds the text of statements. Identifiers come from the catalog only; values are always passed as parameters.
enum SQL {
  static func quote(_ identifier: String) -> String {
    "\"" + identifier.replacing("\"", with: "\"\"") + "\""
  }

  /// A text from the catalog as a quoted SQL constant. Must never be used for a caller's text.
  static func literal(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  static func table(_ name: String) -> String { "public." + quote(name) }

  /// The outputs and the FROM clause to read a table's rows, with or without joined names. The table has the alias `t`.
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
    return Selection(outputs: outputs, list: list.joined(separator: ", "), source: source, joins: joins)
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
}
