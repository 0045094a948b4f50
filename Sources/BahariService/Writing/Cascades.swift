import BahariCatalog
import BahariPostgres

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
