import BahariPostgres

/// The checks after a phase: those of the design, and that every object that the phase creates exists.
struct PhaseCheck {
  let session: Session

  /// Returns a line for each check that failed.
  func run(_ phase: Phase, before: [String: Int64], statements: [MigrationStatement]) throws -> [String] {
    let tables = try LegacyColumns.read(session)
    let counts = try LegacyColumns.counts(of: tables, session)
    let lost = before.sorted { $0.key < $1.key }.compactMap { table, rows in
      counts[table] == rows ? nil : "\(table) had \(rows) rows and has \(counts[table] ?? 0)"
    }
    let renamed = Rename.tables.filter { $0.phase == phase.number }.compactMap { old, new, _ in
      tables.contains { $0.name == new } ? nil : "\(old) is not \(new) now"
    }
    return lost + renamed + (phase == .newColumns ? newColumns(tables) : []) + (try made(statements))
  }

  private func newColumns(_ tables: [LegacyColumns]) -> [String] {
    tables.flatMap { table in
      (NewColumns.names[table.name] ?? []).filter { !table.added.contains($0) }
        .map { "\(table.name) has no column \($0)" }
    }
  }

  private func made(_ statements: [MigrationStatement]) throws -> [String] {
    let names = statements.compactMap(\.creates)
    guard !names.isEmpty else { return [] }
    let found = Set(
      try session.column(
        """
        SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'bahari') AND c.relname = ANY (string_to_array($1, ','))
        UNION ALL
        SELECT conname::text FROM pg_catalog.pg_constraint WHERE conname = ANY (string_to_array($1, ','))
        """, [names.joined(separator: ",")]))
    return names.filter { !found.contains($0) }.map { "\($0) was not created" }
  }
}
