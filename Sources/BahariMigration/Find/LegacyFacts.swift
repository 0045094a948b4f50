import BahariPostgres

/// The facts about an installation's database on which the statements of its migration depend.
struct LegacyFacts {
  var renames: [RenamedObject] = []
  var missing: [ExpectedObject] = []
  /// The number of rows of each table, by the tables' legacy names.
  var rows: [String: Int64] = [:]
  /// The columns of each table in the schema `bahari_undone`, where an undo keeps rows and values.
  var kept: [String: [String]] = [:]
  /// The statements that create the view under each old name, by old names; empty if no views are wanted.
  var views: [String: [MigrationStatement]] = [:]
  /// The names of other programs' enabled triggers on each legacy table, by the tables' legacy names.
  var triggers: [String: [String]] = [:]
  /// The role that owns all legacy tables; nil if they have several owners, or if the migrating role owns them.
  var owner: String?

  /// No facts: with them, `PhaseStatements` makes only the statements that every installation gets.
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

  /// Returns the statement that makes `owner` the owner of a new object, which that role could not use otherwise.
  /// Returns no statement if `owner` is nil.
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
