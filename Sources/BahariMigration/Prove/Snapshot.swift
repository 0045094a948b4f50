import BahariPostgres

/// The state that a migration must not change, read before and after it under the same locks.
package struct Snapshot: Codable, Sendable {
  /// The fingerprints of the tables' old columns, by legacy names.
  package let fingerprints: [String: Fingerprint]
  /// The last value of every sequence of a legacy table, and whether it was used, by table and column: `pegawai.id`.
  package let sequences: [String: String]
  package let catalog: CanonicalCatalog

  package static func take(_ session: Session) throws -> Snapshot {
    Snapshot(
      fingerprints: try Fingerprint.take(session), sequences: try sequences(session),
      catalog: try CanonicalCatalog.read(session))
  }

  private static func sequences(_ session: Session) throws -> [String: String] {
    var states: [String: String] = [:]
    let names = try LegacyColumns.read(session).map(\.name)
    let owned = try session.texts(
      """
      SELECT t.relname::text, a.attname::text, s.oid::regclass::text
      FROM pg_catalog.pg_class s JOIN pg_catalog.pg_depend d
        ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
      JOIN pg_catalog.pg_class t ON t.oid = d.refobjid AND t.relnamespace = 'public'::regnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
      WHERE s.relkind = 'S' AND t.relname = ANY (string_to_array($1, ','))
      """, [names.joined(separator: ",")])
    for row in owned {
      let state = try session.column("SELECT last_value || ' ' || is_called FROM \(row[2])")[0]
      states["\(Rename.old(row[0])).\(row[1])"] = state
    }
    return states
  }

  /// The differences between the rows, values and sequences of two snapshots, one line each.
  package static func lostValues(before: Snapshot, after: Snapshot) -> [String] {
    Fingerprint.differences(before: before.fingerprints, after: after.fingerprints)
      + Set(before.sequences.keys).union(after.sequences.keys).sorted().compactMap { name in
        let (old, new) = (before.sequences[name] ?? "none", after.sequences[name] ?? "none")
        return old == new ? nil : "sequence of \(name): \(old) before, \(new) after"
      }
  }

  /// The differences between the catalogs of two snapshots that neither the renames nor the statements explain, one
  /// line each.
  static func catalogDifferences(
    before: Snapshot, after: Snapshot, renames: [RenamedObject], statements: [MigrationStatement],
    made: [ExpectedObject]
  ) -> [String] {
    // Creating a primary key makes its column NOT NULL, which is not reported as a difference.
    let keyed = Set(made.filter(\.columnAdmitsNull).map { Rename.new($0.table) })
    func normalized(_ entry: CanonicalCatalog.Entry) -> CanonicalCatalog.Entry {
      guard entry.kind == "column", entry.name == "id", keyed.contains(entry.table) else { return entry }
      return CanonicalCatalog.Entry(
        kind: entry.kind, table: entry.table, name: entry.name, detail: entry.detail.replacing(" NOT NULL", with: ""))
    }
    let created = Set(statements.compactMap(\.creates))
    let columns = statements.contains { $0.phase == Phase.newColumns.number } ? NewColumns.names : [:]
    func isDeclared(_ entry: CanonicalCatalog.Entry) -> Bool {
      switch entry.kind {
      case "column" where columns[entry.table]?.contains(entry.name) == true: true
      case "constraint", "index": created.contains(entry.name) || created.contains(entry.table)
      default: created.contains(entry.table)
      }
    }
    let expected = CanonicalCatalog(entries: before.catalog.renamed(by: renames).entries.map(normalized))
    let known = Set(expected.entries)
    let found = CanonicalCatalog(
      entries: after.catalog.entries.map(normalized).filter { !isDeclared($0) || known.contains($0) })
    return CanonicalCatalog.differences(expected: expected, found: found)
  }
}
