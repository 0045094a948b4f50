import BahariPostgres

extension Rename {
  /// The legacy tables of the database and their indexes, constraints and sequences, with the names that they will get:
  /// each table followed by its objects in the order of their creation. An object that keeps its name is left out.
  package static func read(_ session: Session) throws -> [RenamedObject] {
    let found = try session.texts(objects, [LegacySchema.names.joined(separator: ",")])
    // In PostgreSQL the names of sequences, of indexes and of constraints with an index are unique in their schema;
    // those of other constraints are unique in their table.
    var given: Set<String> = []
    return tables.flatMap { table, newTable, _ in
      var givenHere: Set<String> = []
      let own = found.filter { $0[1] == table }
      guard !own.isEmpty else { return [RenamedObject]() }
      let objects = own.compactMap { row -> RenamedObject? in
        guard let kind = RenamedObject.Kind(rawValue: row[0]), kind != .table else { return nil }
        let columns = row[3].split(separator: ",").map(String.init)
        let isRelation = row[4] == "true"
        let new = name(for: row[2], columns: columns, taken: isRelation ? given : givenHere)
        guard new != row[2] else { return nil }
        if isRelation { given.insert(new) } else { givenHere.insert(new) }
        return RenamedObject(kind: kind, table: table, old: row[2], new: new)
      }
      return [RenamedObject(kind: .table, table: table, old: table, new: newTable)] + objects
    }
  }

  /// Selects kind, table, name, columns (separated by commas), and whether the name has to be unique in the schema.
  private static let objects = """
    WITH legacy AS (
      SELECT c.oid, c.relname FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND c.relname = ANY (string_to_array($1, ','))
    )
    SELECT kind, t.relname::text, o.name::text, coalesce((
      SELECT string_agg(a.attname, ',' ORDER BY k.place)
      FROM unnest(o.columns) WITH ORDINALITY k (number, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number), ''), o.relation::text
    FROM (
      SELECT 0 AS sort, 'table' AS kind, oid AS "table", oid, relname AS name, '{}'::int2[] AS columns,
        true AS relation FROM legacy
      UNION ALL
      SELECT 1, 'index', x.indrelid, x.indexrelid, i.relname, x.indkey::int2[], true
      FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
      WHERE NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
      UNION ALL
      SELECT 2, 'constraint', conrelid, oid, conname, conkey, contype IN ('p', 'u', 'x')
      FROM pg_catalog.pg_constraint WHERE contype <> 't'
      UNION ALL
      SELECT 3, 'sequence', d.refobjid, s.oid, s.relname, ARRAY[d.refobjsubid::int2], true
      FROM pg_catalog.pg_class s JOIN pg_catalog.pg_depend d
        ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = s.oid
        AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
      WHERE s.relkind = 'S'
    ) o JOIN legacy t ON t.oid = o."table"
    ORDER BY o.sort, o.oid
    """
}
