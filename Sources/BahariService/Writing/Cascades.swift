import BahariCatalog
import BahariPostgres

/// The rows of other tables that a delete would also delete, because they refer to the deleted row by a foreign key
/// that cascades.
struct Cascades: Sendable {
  /// One subquery per table that refers to this one: selects the rows that refer to the row `t`.
  let children: [String]
  /// Every table that would lose rows, directly or through other tables, and the statement that counts these rows; $1
  /// is the key of the row to delete.
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
