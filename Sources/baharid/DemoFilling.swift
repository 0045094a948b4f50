import BahariDemo
import BahariMigration
import BahariPostgres

/// Fills an empty database with the demo's rows, once: first the old service's tables, which are then migrated, then
/// the new tables and columns. Each step is one transaction, and a later start continues after the last completed step.
struct DemoFilling {
  let seed: UInt32
  private let line = ProgressLine()

  init(seed: UInt32) { self.seed = seed }

  /// The row of `bahari.demo`: how many tables are filled, and whether they are those of the old service.
  private struct State {
    var tables: Int
    var isLegacy: Bool
  }

  // MARK: The old database

  /// Creates and fills the old service's tables in an empty database. Returns whether the database has these tables,
  /// which are then to be migrated.
  func makeLegacy(_ session: Session) throws -> Bool {
    try session.transaction {
      try lock(session)
      if let state = try found(session) { return state.isLegacy }
      guard try isEmpty(session) else { return false }
      for statement in LegacySchema.statements { try session.execute(statement) }
      let tables = Country(seed: UInt64(seed)).tables.compactMap(DemoFilling.legacy)
      try fill(tables, session, called: "tables of the old service")
      try note(State(tables: tables.count, isLegacy: true), session)
      return true
    }
  }

  /// Returns a table as the old service had it, with its old name and without the new columns; nil for a new table.
  private static func legacy(_ table: DemoTable) -> DemoTable? {
    let old = Rename.old(table.name)
    guard old != table.name else { return nil }
    let new = NewColumns.names[table.name] ?? []
    return table.part(named: old) { !new.contains($0) }
  }

  private func isEmpty(_ session: Session) throws -> Bool {
    try session.query(
      """
      SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
      """
    ).count == 0
  }

  // MARK: The new one

  /// Fills the tables and columns that have no rows or values yet. Throws if a table that is to be filled has rows.
  func complete(_ session: Session) throws {
    let filled = try session.transaction { () -> [String] in
      try lock(session)
      let state = try found(session) ?? State(tables: 0, isLegacy: false)
      // The demo's rows are generated only if some are missing.
      if state.tables == Country.tableCount { return [] }
      let all = Country(seed: UInt64(seed)).tables
      let tables = state.isLegacy ? all.filter { DemoFilling.legacy($0) == nil } : Array(all.dropFirst(state.tables))
      for table in tables { try refuseOthers(table, session) }
      try fill(tables, session, called: "tables")
      if state.isLegacy { for table in all { try fillColumns(of: table, session) } }
      try note(State(tables: Country.tableCount, isLegacy: false), session)
      return all.map(\.name)
    }
    guard !filled.isEmpty else { return Log.say("baharid: the demo's rows of seed \(seed) are there already") }
    // After VACUUM, PostgreSQL answers counts and lists from indexes alone; after ANALYZE, it plans for full tables.
    try session.execute("VACUUM (ANALYZE) \(filled.map { "public.\($0)" }.joined(separator: ", "))")
  }

  private func refuseOthers(_ table: DemoTable, _ session: Session) throws {
    let rows = try session.query("SELECT 1 FROM public.\(table.name) LIMIT 1")
    if rows.count > 0 { throw DemoError.otherRows("public.\(table.name)") }
  }

  private func fill(_ tables: [DemoTable], _ session: Session, called kind: String) throws {
    let total = tables.reduce(0) { $0 + $1.count }
    Log.say("baharid: filling \(tables.count) \(kind) with \(total) rows of seed \(seed)")
    var done = 0
    let copy = TableCopy { [line] rows, table in
      done += rows
      line.show("filling", table.name, done: Int64(done), of: Int64(total))
    }
    for table in tables { try copy.fill(table, session) }
    line.clear()
  }

  /// Fills the columns that the migration has added to a table.
  private func fillColumns(of table: DemoTable, _ session: Session) throws {
    let new = table.columns.filter((NewColumns.names[table.name] ?? []).contains)
    guard !new.isEmpty else { return }
    try session.execute(
      """
      CREATE TEMPORARY TABLE demo_columns ON COMMIT DROP AS
        SELECT id, \(new.joined(separator: ", ")) FROM public.\(table.name) WITH NO DATA
      """)
    let part = table.part(named: table.name) { $0 == "id" || new.contains($0) }
    try TableCopy { _, _ in }.run(part, into: "demo_columns", session)
    try session.execute(
      """
      UPDATE public.\(table.name) t SET \(new.map { "\($0) = c.\($0)" }.joined(separator: ", "))
      FROM demo_columns c WHERE c.id = t.id;
      DROP TABLE demo_columns
      """)
  }

  // MARK: State

  /// Makes a second daemon on the same database wait until this transaction ends.
  private func lock(_ session: Session) throws {
    try session.query("SELECT pg_advisory_xact_lock(hashtextextended('bahari.demo', 0))")
  }

  /// Returns the state of the demo in the database; nil if there is none. Throws if that demo has another seed.
  private func found(_ session: Session) throws -> State? {
    guard try session.query("SELECT to_regclass('bahari.demo') IS NOT NULL").bool(0, 0) == true else { return nil }
    // Older versions of this program created the table bahari.demo without the columns `tables` and `is_legacy`. Those
    // versions always filled the first four tables, which hold the regions, and never used the legacy schema: hence the
    // defaults of the two columns.
    try session.execute(
      """
      ALTER TABLE bahari.demo ADD COLUMN IF NOT EXISTS tables integer NOT NULL DEFAULT 4,
        ADD COLUMN IF NOT EXISTS is_legacy boolean NOT NULL DEFAULT false
      """)
    let rows = try session.query("SELECT seed, tables::bigint, is_legacy FROM bahari.demo")
    guard rows.count > 0, let other = rows.int64(0, 0) else { return nil }
    guard other == Int64(seed) else { throw DemoError.otherSeed(other, wanted: seed) }
    return State(tables: Int(rows.int64(0, 1) ?? 0), isLegacy: rows.bool(0, 2) ?? false)
  }

  private func note(_ state: State, _ session: Session) throws {
    try session.execute(
      """
      CREATE SCHEMA IF NOT EXISTS bahari;
      CREATE TABLE IF NOT EXISTS bahari.demo (seed bigint NOT NULL, tables integer NOT NULL, is_legacy boolean NOT NULL);
      DELETE FROM bahari.demo
      """)
    try session.query(
      "INSERT INTO bahari.demo (seed, tables, is_legacy) VALUES ($1, $2, $3)",
      ["\(seed)", "\(state.tables)", "\(state.isLegacy)"])
  }
}

/// The reason why the demo does not fill or serve a database, with advice.
enum DemoError: Error, CustomStringConvertible {
  case otherRows(String)
  case notEmpty
  case otherSeed(Int64, wanted: UInt32)

  var description: String {
    switch self {
    case .otherRows(let table):
      "\(table) holds rows that are not the demo's: name an empty folder with --data-dir or an empty database with"
        + " --database, or serve what is there with 'baharid serve'"
    case .notEmpty: "the database is not empty: name an empty one with --database, or an empty folder with --data-dir"
    case .otherSeed(let found, let wanted):
      "the database holds the demo of seed \(found), not of \(wanted): start with --seed \(found), or name an empty"
        + " folder with --data-dir"
    }
  }
}
