import BahariPostgres

/// Rows and values that an undo moves to the schema `bahari_undone`: new tables, and the values of new columns. A later
/// migration restores them.
enum Kept {
  static let schema = "bahari_undone"

  /// The qualified name of a kept table. A new table keeps its name; the values of a legacy table's new columns are
  /// kept in a table with the legacy table's new name.
  static func qualified(_ table: String) -> String { "\(schema).\(Identifier.quoted(table))" }

  /// The columns of each kept table, by the kept tables' names.
  static func read(_ session: Session) throws -> [String: [String]] {
    let rows = try session.texts(
      """
      SELECT c.relname::text, a.attname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY a.attnum
      """, [schema])
    return Dictionary(grouping: rows) { $0[0] }.mapValues { $0.map { $0[1] } }
  }

  /// Returns the statements that restore a new table's rows and its sequence; none if nothing is kept.
  static func table(
    _ table: String, _ phase: Int, _ facts: LegacyFacts, schema home: String = "public"
  ) -> [MigrationStatement] {
    guard let columns = facts.kept[table] else { return [] }
    let names = columns.map(Identifier.quoted).joined(separator: ", ")
    let target = Identifier.qualified(table, in: home)
    var statements = ["INSERT INTO \(target) (\(names)) SELECT \(names) FROM \(qualified(table))"]
    if home == "public" {
      statements.append(
        "SELECT setval('public.\(table)_id_seq', last_value, is_called) FROM \(schema).\(table)_id_seq")
    }
    return (statements + ["DROP TABLE \(qualified(table))"]).map {
      MigrationStatement(phase: phase, source: .kept, sql: $0, table: table)
    }
  }

  /// Returns the statements that restore the values of a table's new columns; none if nothing is kept. Other programs'
  /// triggers are disabled meanwhile, so that they do not run for this update.
  static func columns(_ table: String, _ names: [String], _ facts: LegacyFacts) -> [MigrationStatement] {
    guard facts.kept[table] != nil else { return [] }
    let target = Identifier.qualified(table)
    let values = names.map { "\($0) = kept.\($0)" }.joined(separator: ", ")
    let triggers = (facts.triggers[Rename.old(table)] ?? []).map(Identifier.quoted)
    let statements =
      triggers.map { "ALTER TABLE \(target) DISABLE TRIGGER \($0)" }
      + ["UPDATE \(target) t SET \(values) FROM \(qualified(table)) kept WHERE kept.id = t.id"]
      + triggers.map { "ALTER TABLE \(target) ENABLE TRIGGER \($0)" } + ["DROP TABLE \(qualified(table))"]
    return statements.map {
      MigrationStatement(
        phase: Phase.newColumns.number, source: .kept, sql: $0, table: table, rows: facts.rows[Rename.old(table)] ?? 0)
    }
  }
}
