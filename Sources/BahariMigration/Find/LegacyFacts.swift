import BahariPostgres

/// The facts about an installation on which its statements depend.
struct LegacyFacts {
  var renames: [RenamedObject] = []
  var missing: [ExpectedObject] = []
  /// Rows by legacy names.
  var rows: [String: Int64] = [:]
  /// Columns that an undo kept, by table.
  var kept: [String: [String]] = [:]
  /// Views under old names, by those; empty when none are wanted.
  var views: [String: [MigrationStatement]] = [:]
  /// Enabled triggers of other programs, by legacy names of tables.
  var triggers: [String: [String]] = [:]
  /// The owner of the legacy tables, where that is one role and not the one that migrates.
  var owner: String?

  /// The facts of no installation: with them, statements are those that every installation has.
  static let none = LegacyFacts()

  init() {}

  init(_ session: Session, _ tables: [LegacyColumns], views wanted: Bool) throws {
    renames = try Rename.read(session)
    missing = try ExpectedObject.missing(session, tables, renames)
    kept = try Kept.read(session)
    rows = try LegacyColumns.counts(of: tables, session)
    triggers = try Self.triggers(session, tables)
    owner = try Self.foreignOwner(session, tables)
    if wanted { views = try CompatViews.statements(session, tables) }
  }

  /// Gives a new object to the owner of the legacy tables, who could not use it otherwise.
  func giveToOwner(_ object: String, _ phase: Int, _ table: String) -> [MigrationStatement] {
    guard let owner else { return [] }
    return [
      MigrationStatement(
        phase: phase, source: .addition, sql: "ALTER \(object) OWNER TO \(Identifier.quoted(owner))", table: table)
    ]
  }

  private static func triggers(_ session: Session, _ tables: [LegacyColumns]) throws -> [String: [String]] {
    let rows = try session.texts(
      """
      SELECT c.relname::text, g.tgname::text FROM pg_catalog.pg_trigger g
      JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid
      WHERE c.relnamespace = 'public'::regnamespace AND NOT g.tgisinternal AND g.tgenabled = 'O'
        AND c.relname = ANY (string_to_array($1, ',')) ORDER BY 2
      """, [tables.map(\.name).joined(separator: ",")])
    return Dictionary(grouping: rows) { Rename.old($0[0]) }.mapValues { $0.map { $0[1] } }
  }

  private static func foreignOwner(_ session: Session, _ tables: [LegacyColumns]) throws -> String? {
    let owners = try session.column(
      """
      SELECT DISTINCT pg_catalog.pg_get_userbyid(c.relowner)::text FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (string_to_array($1, ','))
      """, [tables.map(\.name).joined(separator: ",")])
    let user = try session.column("SELECT current_user::text")
    return owners.count == 1 && owners != user ? owners[0] : nil
  }
}
