import BahariPostgres

/// The checks after a phase: the design's, and that every object it had to create exists.
struct PhaseCheck {
  let session: Session

  /// The failed checks, a line each.
  func run(_ phase: Phase, before: [String: Int64], statements: [MigrationStatement]) throws -> [String] {
    let tables = try LegacyColumns.read(session)
    let counts = try counts(tables)
    let lost = before.sorted { $0.key < $1.key }.compactMap { table, rows in
      counts[table] == rows ? nil : "\(table) had \(rows) rows and has \(counts[table] ?? 0)"
    }
    let renamed = Rename.tables.filter { $0.phase == phase.number }.compactMap { old, new, _ in
      tables.contains { $0.name == new } ? nil : "\(old) is not \(new) now"
    }
    return lost + renamed + (phase == .newColumns ? newColumns(tables) : []) + (try made(statements))
  }

  func counts(_ tables: [LegacyColumns]) throws -> [String: Int64] {
    var counts: [String: Int64] = [:]
    for table in tables {
      let count = try session.query("SELECT count(*) FROM \(Identifier.qualified(table.name))")
      counts[table.legacyName] = count.int64(0, 0)
    }
    return counts
  }

  private func newColumns(_ tables: [LegacyColumns]) -> [String] {
    tables.flatMap { table in
      (NewColumns.names[table.name] ?? []).filter { !table.added.contains($0) }
        .map { "\(table.name) has no column \($0)" }
    }
  }

  private func made(_ statements: [MigrationStatement]) throws -> [String] {
    try statements.compactMap(\.creates).compactMap { name in
      let found = try session.query(
        """
        SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'bahari') AND c.relname = $1
        UNION ALL SELECT 1 FROM pg_catalog.pg_constraint WHERE conname = $1
        """, [name])
      return found.count > 0 ? nil : "\(name) was not created"
    }
  }
}
