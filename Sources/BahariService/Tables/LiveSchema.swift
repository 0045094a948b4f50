import BahariPostgres

/// The tables that exist in PostgreSQL's schema public, and the result columns of the reports' statements. Read once,
/// when the daemon starts, and compared with the catalog and the .proto files.
package struct LiveSchema: Sendable {
  package let tables: [String: LiveTable]
  /// The result columns of each report's statement, or PostgreSQL's error for it.
  let statements: [Statement: Result<[LiveOutput], PostgresError>]
  /// Facts about all tables in schema public, and about the session.
  let findings: [LiveFinding]
}

// MARK: From a database

extension LiveSchema {
  package init(_ session: Session) throws(PostgresError) { try self.init(session, reports: Report.all) }

  init(_ session: Session, reports: [Report]) throws(PostgresError) {
    let columns = try LiveSchema.readColumns(session)
    let uniques = try LiveSchema.readUniques(session)
    let keys = try LiveSchema.readForeignKeys(session)
    var tables: [String: LiveTable] = [:]
    for (name, columns) in columns {
      tables[name] = LiveTable(
        name: name, columns: columns, uniques: uniques[name] ?? [], foreignKeys: keys.filter { $0.table == name })
    }
    let findings = try LiveFindings(session).all
    self.init(
      tables: tables, statements: try LiveSchema.describe(reports.flatMap(\.ownStatements), session),
      findings: findings)
  }

  private static func describe(
    _ statements: [Statement], _ session: Session
  ) throws(PostgresError) -> [Statement: Result<[LiveOutput], PostgresError>] {
    var described: [Statement: Result<[LiveOutput], PostgresError>] = [:]
    for statement in statements {
      do throws(PostgresError) {
        let columns = try session.describe(statement)
        described[statement] = .success(columns.map { LiveOutput(name: $0.name, typeOID: $0.type) })
      } catch {
        if error.sqlState.endsConnection { throw error }
        described[statement] = .failure(error)
      }
    }
    return described
  }

  /// The foreign keys that refer to `table`.
  func references(to table: String) -> [LiveForeignKey] {
    tables.values.flatMap(\.foreignKeys).filter { $0.target == table }.sorted { $0.name < $1.name }
  }

  /// Follows foreign keys from `table`. The first of `columns` is in `table`; each further one is in the table that the
  /// foreign key of the column before it refers to.
  func path(from table: String, through columns: [String]) -> Result<[LiveForeignKey], BrokenPath> {
    var keys: [LiveForeignKey] = []
    for column in columns {
      let at = keys.last?.target ?? table
      guard let key = tables[at]?.foreignKey(of: column) else { return .failure(BrokenPath(table: at, column: column)) }
      keys.append(key)
    }
    return .success(keys)
  }

  private static func readColumns(_ session: Session) throws(PostgresError) -> [String: [LiveColumn]] {
    let rows = try session.query(
      """
      SELECT c.relname::text, a.attname::text, a.atttypid::int8, format_type(a.atttypid, a.atttypmod), a.atttypmod,
        a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      ORDER BY c.relname, a.attnum
      """)
    var tables: [String: [LiveColumn]] = [:]
    for row in 0..<rows.count {
      guard let table = rows.string(row, 0), let name = rows.string(row, 1), let type = rows.int64(row, 2) else {
        continue
      }
      let column = LiveColumn(
        name: name, typeOID: UInt32(truncatingIfNeeded: type), typeName: rows.string(row, 3) ?? "",
        modifier: rows.int32(row, 4) ?? -1, isNullable: !(rows.bool(row, 5) ?? false), defaultValue: rows.string(row, 6)
      )
      tables[table, default: []].append(column)
    }
    return tables
  }

  /// Reads all unique indexes, including those of primary keys and unique constraints, but without partial indexes and
  /// indexes on expressions.
  private static func readUniques(_ session: Session) throws(PostgresError) -> [String: [LiveUnique]] {
    let rows = try session.query(
      """
      SELECT t.relname::text, i.relname::text,
        (SELECT string_agg(a.attname, ',' ORDER BY k.place)
          FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (number, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
          WHERE k.place <= x.indnkeyatts)
      FROM pg_catalog.pg_index x
      JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
      JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
      WHERE t.relnamespace = 'public'::regnamespace AND x.indisunique AND x.indisvalid
        AND x.indpred IS NULL AND x.indexprs IS NULL
      ORDER BY 1, x.indisprimary DESC, 2
      """)
    var uniques: [String: [LiveUnique]] = [:]
    for row in 0..<rows.count {
      guard let table = rows.string(row, 0), let name = rows.string(row, 1), let columns = rows.string(row, 2) else {
        continue
      }
      uniques[table, default: []].append(
        LiveUnique(name: name, columns: columns.split(separator: ",").map(String.init)))
    }
    return uniques
  }

  private static func readForeignKeys(_ session: Session) throws(PostgresError) -> [LiveForeignKey] {
    let names = { (keys: String, table: String) in
      "(SELECT string_agg(a.attname, ',' ORDER BY u.place) FROM unnest(c.\(keys)) WITH ORDINALITY AS u (number, place) "
        + "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.\(table) AND a.attnum = u.number)"
    }
    let rows = try session.query(
      """
      SELECT c.conname::text, t.relname::text, \(names("conkey", "conrelid")), f.relname::text,
        \(names("confkey", "confrelid")), c.confdeltype = 'c'
      FROM pg_catalog.pg_constraint c
      JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
      JOIN pg_catalog.pg_class f ON f.oid = c.confrelid
      WHERE c.contype = 'f' AND t.relnamespace = 'public'::regnamespace
      ORDER BY 1
      """)
    return (0..<rows.count).compactMap { row in
      guard let name = rows.string(row, 0), let table = rows.string(row, 1), let columns = rows.string(row, 2),
        let target = rows.string(row, 3), let targetColumns = rows.string(row, 4)
      else { return nil }
      return LiveForeignKey(
        name: name, table: table, columns: columns.split(separator: ",").map(String.init), target: target,
        targetColumns: targetColumns.split(separator: ",").map(String.init), cascades: rows.bool(row, 5) ?? false)
    }
  }
}
