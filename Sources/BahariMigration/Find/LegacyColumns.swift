import BahariPostgres

/// A legacy table of the database, under its old or its new name, with its present columns.
struct LegacyColumns {
  struct Column {
    let name: String
    /// The column's type as PostgreSQL's catalog writes it: `character varying(50)`.
    let type: String
    /// The column's type without length and precision: `character varying`.
    let baseType: String
    let isNotNull: Bool
    /// Whether the column is NOT NULL without a default, so that every insert must give a value.
    let isMandatory: Bool
  }

  let legacyName: String
  /// The table's present name: the new one if the table is renamed, else the legacy one.
  let name: String
  /// The table's columns, in the table's order.
  let columns: [Column]

  init(legacyName: String, name: String, columns: [Column]) {
    (self.legacyName, self.name, self.columns) = (legacyName, name, columns)
    let new = NewColumns.names[Rename.new(legacyName)] ?? []
    let names = columns.map(\.name)
    old = names.filter { !new.contains($0) }
    added = names.filter(new.contains)
  }

  /// The names of all columns except those that phase 4 adds, in the table's order.
  let old: [String]
  /// The names of those columns of the table that phase 4 adds; empty before that phase.
  let added: [String]

  var isRenamed: Bool { name != legacyName }

  static func read(_ session: Session) throws -> [LegacyColumns] {
    let names = LegacySchema.names + LegacySchema.names.map(Rename.new)
    let rows = try session.texts(
      """
      SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), format_type(a.atttypid, NULL),
        a.attnotnull::text, (a.attnotnull AND NOT a.atthasdef AND a.attidentity = '')::text
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND c.relname = ANY (string_to_array($1, ','))
      ORDER BY a.attnum
      """, [names.joined(separator: ",")])
    let columns = Dictionary(grouping: rows) { $0[0] }.mapValues { rows in
      rows.map {
        Column(name: $0[1], type: $0[2], baseType: $0[3], isNotNull: $0[4] == "true", isMandatory: $0[5] == "true")
      }
    }
    return LegacySchema.names.compactMap { legacy in
      let name = columns[legacy] == nil ? Rename.new(legacy) : legacy
      return columns[name].map { LegacyColumns(legacyName: legacy, name: name, columns: $0) }
    }
  }

  /// The number of rows of each table, by the tables' legacy names.
  static func counts(of tables: [LegacyColumns], _ session: Session) throws -> [String: Int64] {
    guard !tables.isEmpty else { return [:] }
    let counts = tables.map { "(SELECT count(*) FROM \(Identifier.qualified($0.name)))" }
    let row = try session.query("SELECT \(counts.joined(separator: ", "))")
    return Dictionary(
      uniqueKeysWithValues: tables.enumerated().map { ($0.element.legacyName, row.int64(0, $0.offset) ?? 0) })
  }
}
