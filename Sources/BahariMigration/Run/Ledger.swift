import BahariPostgres

/// The phases that were applied, in the table `bahari.migration_ledger`. A row is written in the transaction of its
/// phase, and stays after an undo, marked with the undo's time.
package struct Ledger {
  package struct Entry: Codable, Hashable, Sendable {
    package let phase: Int
    package let mode: String
    /// Two checksums: `definition` of the program's statements for the phase, `checksum` of the statements that were
    /// run and of those that undo them.
    package let definition: String
    package let checksum: String
    package let startedAt: String
    package let seconds: Double
  }

  let session: Session

  /// The phases that are applied and not undone, in the order of their numbers.
  package static func applied(_ session: Session) throws -> [Entry] {
    guard try exists(session) else { return [] }
    let rows = try session.texts(
      """
      SELECT phase::text, mode, definition, checksum, started_at::text, seconds::text
      FROM bahari.migration_ledger WHERE undone_at IS NULL ORDER BY phase
      """)
    return rows.map {
      Entry(
        phase: Int($0[0]) ?? 0, mode: $0[1], definition: $0[2], checksum: $0[3], startedAt: $0[4],
        seconds: Double($0[5]) ?? 0)
    }
  }

  private static func exists(_ session: Session) throws -> Bool {
    try session.query("SELECT to_regclass('bahari.migration_ledger') IS NOT NULL").bool(0, 0) ?? false
  }

  func create() throws {
    try session.execute(
      """
      CREATE SCHEMA IF NOT EXISTS bahari;
      CREATE TABLE IF NOT EXISTS bahari.migration_ledger (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        phase integer NOT NULL,
        name text NOT NULL,
        mode text NOT NULL,
        definition text NOT NULL,
        checksum text NOT NULL,
        statements text[] NOT NULL,
        -- What takes the phase back, in the order in which it is to be run.
        undo text[] NOT NULL,
        -- Rows by legacy names of tables.
        counts jsonb NOT NULL,
        started_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
        seconds double precision NOT NULL,
        undone_at timestamp with time zone
      )
      """)
  }

  func write(
    _ phase: Phase, mode: String, statements: [MigrationStatement], counts: [String: Int64], seconds: Double
  ) throws {
    let undo = statements.reversed().flatMap(\.undo)
    let sql = statements.map(\.sql)
    let json = counts.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
    var values = Parameters()
    values.add(text: "\(phase.number)")
    for text in [phase.name, mode, try Self.definition(phase.number, session), try checksum(sql + undo)] {
      values.add(text: text)
    }
    values.add(Self.array(sql))
    values.add(Self.array(undo))
    values.add(text: "{\(json)}")
    values.add(text: "\(seconds)")
    try session.query(
      """
      INSERT INTO bahari.migration_ledger
        (phase, name, mode, definition, checksum, statements, undo, counts, seconds, started_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() - make_interval(secs => $9))
      """, values)
  }

  /// The statements that undo an applied phase, in the order in which they run.
  func undo(of phase: Int) throws -> [String] {
    try session.column(
      """
      SELECT u FROM bahari.migration_ledger, unnest(undo) WITH ORDINALITY u (u, place)
      WHERE undone_at IS NULL AND phase = $1 ORDER BY place
      """, ["\(phase)"])
  }

  func markUndone() throws {
    try session.execute(
      "UPDATE bahari.migration_ledger SET undone_at = clock_timestamp() WHERE undone_at IS NULL")
  }

  /// The applied phases whose row in the ledger was edited. With `program`, also those for which this program's
  /// statements differ from those of the program that applied the phase.
  func edited(program: Bool) throws -> [Int] {
    guard try Self.exists(session) else { return [] }
    let rows = try session.texts(
      """
      SELECT phase::text, definition, (checksum = \(Self.hash("array_to_string(statements || undo, E'\\n')")))::text
      FROM bahari.migration_ledger WHERE undone_at IS NULL ORDER BY phase
      """)
    return try rows.compactMap { row in
      guard let phase = Int(row[0]) else { return nil }
      let isOther = try program && !Self.definitions(phase, session).contains(row[1])
      return isOther || row[2] != "true" ? phase : nil
    }
  }

  private func checksum(_ texts: [String]) throws -> String {
    try session.column("SELECT \(Self.hash("$1"))", [texts.joined(separator: "\n")])[0]
  }

  private static func definition(_ phase: Int, _ session: Session) throws -> String {
    try session.column("SELECT \(hash("$1"))", [PhaseStatements.definition(phase)])[0]
  }

  /// The checksums with which this program or a predecessor may have applied a phase.
  private static func definitions(_ phase: Int, _ session: Session) throws -> [String] {
    try PhaseStatements.definitions(phase).map { try session.column("SELECT \(hash("$1"))", [$0])[0] }
  }

  private static func hash(_ text: String) -> String { "encode(sha256(convert_to(\(text), 'UTF8')), 'hex')" }

  private static func array(_ texts: [String]) -> ArrayParameter {
    var array = ArrayParameter(of: .text)
    for text in texts { array.append(text: text) }
    return array
  }
}
