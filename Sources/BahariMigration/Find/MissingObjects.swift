import BahariPostgres

extension ExpectedObject {
  /// Returns the keys and indexes that the database's legacy tables lack. A key or index on the same columns under
  /// another name is not missing. If the name of a missing one is taken, it gets a shorter variant of the name.
  static func missing(_ session: Session, _ tables: [LegacyColumns], _ renames: [RenamedObject]) throws
    -> [ExpectedObject]
  {
    let found = Set(try session.column(present, [tables.map(\.name).joined(separator: ",")]))
    let nullable = Set(try session.column(nullableIds))
    var taken = Set(renames.map(\.new)).union(
      try session.column("SELECT relname::text FROM pg_catalog.pg_class WHERE relnamespace = 'public'::regnamespace"))
    return all.compactMap { object in
      guard let table = tables.first(where: { $0.legacyName == object.table }) else { return nil }
      var object = object
      let target = object.target.flatMap { target in tables.first { $0.legacyName == target }?.name ?? target }
      let columns = object.columns.joined(separator: ",")
      let description =
        object.kind == .foreignKey
        ? "\(table.name) foreignKey \(columns) \(target ?? "") \(object.targetColumn ?? "")"
        : "\(table.name) \(object.kind.rawValue) \(columns)"
      guard !found.contains(description) else { return nil }
      object.name = Rename.name(for: object.name, columns: object.columns, taken: taken)
      taken.insert(object.name)
      object.columnAdmitsNull = object.kind == .primaryKey && nullable.contains(table.name)
      return object
    }
  }

  private static let nullableIds = """
    SELECT c.relname::text FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND a.attname = 'id' AND NOT a.attnotnull
    """

  /// Selects table, kind and columns of every key and index that counts as present: valid B-trees on plain columns
  /// without a condition, and foreign keys of one column.
  private static let present = """
    WITH holder AS (
      SELECT oid, relname FROM pg_catalog.pg_class
      WHERE relnamespace = 'public'::regnamespace AND relname = ANY (string_to_array($1, ','))
    ), plain AS (
      SELECT h.relname, x.indisprimary, x.indisunique AND x.indimmediate AS "unique", (
        SELECT string_agg(a.attname, ',' ORDER BY k.place)
        FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = h.oid AND a.attnum = k.number
        WHERE k.place <= x.indnkeyatts) AS columns
      FROM pg_catalog.pg_index x JOIN holder h ON h.oid = x.indrelid
      JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
      JOIN pg_catalog.pg_am m ON m.oid = i.relam AND m.amname = 'btree'
      WHERE x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL
    )
    SELECT relname || ' primaryKey ' || columns FROM plain WHERE indisprimary
    UNION ALL SELECT relname || ' unique ' || columns FROM plain WHERE "unique"
    UNION ALL SELECT relname || ' index ' || columns FROM plain
    UNION ALL
    SELECT h.relname || ' foreignKey ' || a.attname || ' ' || t.relname || ' ' || b.attname
    FROM pg_catalog.pg_constraint o JOIN holder h ON h.oid = o.conrelid
    JOIN pg_catalog.pg_class t ON t.oid = o.confrelid AND t.relnamespace = 'public'::regnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = o.conkey[1]
    JOIN pg_catalog.pg_attribute b ON b.attrelid = o.confrelid AND b.attnum = o.confkey[1]
    WHERE o.contype = 'f' AND cardinality(o.conkey) = 1
    """
}
