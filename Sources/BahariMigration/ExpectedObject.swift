import BahariPostgres

/// A key or index that the legacy database has to have, by its new name: the design's section 4.2 and its indexes.
package struct ExpectedObject: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable { case primaryKey, unique, foreignKey, index }

  package let kind: Kind
  /// The legacy name of its table.
  package let table: String
  package let columns: [String]
  package var target: String?
  package var targetColumn: String?
  package var cascades = false
  /// The name that it gets.
  package var name: String
  /// Whether its column would go back to admit NULL when the primary key goes.
  package var columnAdmitsNull = false

  /// In the order in which they can be made: keys come before those that refer to them.
  static let all: [ExpectedObject] =
    LegacySchema.tables.flatMap { table in
      [ExpectedObject(.primaryKey, table.name, ["id"], named: table.primaryKeyName)]
        + table.unique.map { ExpectedObject(.unique, table.name, $0.columns, named: $0.name) }
    }
    + LegacySchema.tables.flatMap { table in
      table.foreignKeys.map { key in
        var object = ExpectedObject(.foreignKey, table.name, [key.column], named: table.name(of: key))
        object.target = key.target
        object.targetColumn = key.targetColumn
        object.cascades = key.cascades
        return object
      } + table.indexes.map { ExpectedObject(.index, table.name, $0.columns, named: $0.name) }
    }

  private init(_ kind: Kind, _ table: String, _ columns: [String], named old: String) {
    self.kind = kind
    self.table = table
    self.columns = columns
    name = Rename.name(for: old, columns: columns)
  }

  /// Makes it, after the renames.
  package var sql: String {
    let qualified = Identifier.qualified(Rename.new(table))
    let list = columns.joined(separator: ", ")
    switch kind {
    case .primaryKey: return "ALTER TABLE \(qualified) ADD CONSTRAINT \(name) PRIMARY KEY (\(list))"
    case .unique: return "ALTER TABLE \(qualified) ADD CONSTRAINT \(name) UNIQUE (\(list))"
    case .index: return "CREATE INDEX \(name) ON \(qualified) (\(list))"
    case .foreignKey:
      let key = LegacyTable.ForeignKey(
        column: list, target: target ?? "", targetColumn: targetColumn ?? "id", cascades: cascades)
      return "ALTER TABLE \(qualified) ADD CONSTRAINT \(name) \(key.clause(target: Rename.new(key.target)))"
    }
  }

  package var undo: [String] {
    let qualified = Identifier.qualified(Rename.new(table))
    guard kind != .index else { return ["DROP INDEX IF EXISTS public.\(name)"] }
    return ["ALTER TABLE \(qualified) DROP CONSTRAINT IF EXISTS \(name)"]
      + (columnAdmitsNull ? ["ALTER TABLE \(qualified) ALTER COLUMN id DROP NOT NULL"] : [])
  }

  /// For people: `unique key on pegawai (nip)`.
  package var text: String {
    let words = [Kind.primaryKey: "primary key", .unique: "unique key", .foreignKey: "foreign key", .index: "index"]
    let end = target.map { " to \($0) (\(targetColumn ?? "id"))" } ?? ""
    return "\(words[kind] ?? "") on \(table) (\(columns.joined(separator: ", ")))\(end)"
  }
}

extension ExpectedObject {
  /// Those that the legacy tables that are there lack, whatever they might be called. A name that something else has
  /// is varied.
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
      let words =
        object.kind == .foreignKey
        ? "\(table.name) foreignKey \(columns) \(target ?? "") \(object.targetColumn ?? "")"
        : "\(table.name) \(object.kind.rawValue) \(columns)"
      guard !found.contains(words) else { return nil }
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

  /// Table, kind and columns of every key and index that counts: whole, valid, of columns alone.
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
