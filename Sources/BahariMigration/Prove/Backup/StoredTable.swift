import BahariPostgres

/// A table in any schema of the database, with the facts that a backup needs.
struct StoredTable: Equatable {
  let schema: String
  let name: String
  /// The names of all columns, in the table's order.
  let columns: [String]
  /// The table's size on disk, without its indexes.
  let bytes: Int64

  /// The table's name with its schema, as in the manifest and in the output of `pg_dump`.
  var fullName: String { "\(schema).\(name)" }
  /// The table as written in a FROM clause, without the rows of tables that inherit from it.
  var rows: String { "ONLY " + Identifier.qualified(name, in: schema) }

  /// Returns every table of the database except those of PostgreSQL and of extensions. Each partition counts as a
  /// table.
  static func all(_ session: Session) throws -> [StoredTable] {
    let rows = try session.query(
      """
      SELECT n.nspname::text, c.relname::text, pg_catalog.pg_table_size(c.oid), a.attname::text
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1, 2, a.attnum
      """)
    var tables: [StoredTable] = []
    for row in 0..<rows.count {
      let (schema, name) = (rows.string(row, 0) ?? "", rows.string(row, 1) ?? "")
      var columns: [String] = []
      if let last = tables.last, last.schema == schema, last.name == name { columns = tables.removeLast().columns }
      if let column = rows.string(row, 3) { columns.append(column) }
      tables.append(StoredTable(schema: schema, name: name, columns: columns, bytes: rows.int64(row, 2) ?? 0))
    }
    return tables
  }
}
