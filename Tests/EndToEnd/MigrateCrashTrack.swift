import BahariMigration
import BahariPostgres
import Foundation
import TestSupport
import Testing

/// A place at which a command is killed, and the state in which that has to leave the database.
struct CrashPoint: Sendable {
  /// How many statements run before the kill.
  let after: Int
  let state: CrashState
}

/// The state of a database between two transactions of a migration.
final class CrashState: Sendable {
  private let snapshot: Snapshot
  let phases: [Int]
  /// An undo keeps the ledger; a migration that was rolled back leaves none.
  private let hasLedger: Bool

  init(_ snapshot: Snapshot, phases: [Int], afterUndo: Bool = false) {
    (self.snapshot, self.phases, hasLedger) = (snapshot, phases, afterUndo || !phases.isEmpty)
  }

  func expect(_ session: Session, location: SourceLocation = #_sourceLocation) throws {
    let found = try Snapshot.take(session)
    let lost = Snapshot.lostValues(before: snapshot, after: found)
    let changed = CanonicalCatalog.differences(expected: snapshot.catalog, found: found.catalog)
    #expect(lost.isEmpty && changed.isEmpty, "\(lost) \(changed)", sourceLocation: location)
    #expect(try Ledger.applied(session).map(\.phase) == phases, sourceLocation: location)
    let ledger = try session.query("SELECT to_regclass('bahari.migration_ledger') IS NOT NULL").bool(0, 0)
    #expect(ledger == hasLedger, sourceLocation: location)
  }
}

/// A database in which a command is killed, at one crash point after the other.
struct CrashTrack: Sendable {
  let old: OldDatabase
  let arguments: [String]
  /// The next one first.
  private var points: ArraySlice<CrashPoint>
  /// The state that was last found, and the versions of all rows then.
  private var state: CrashState
  private var versions: String?

  init(_ old: OldDatabase, _ arguments: [String], _ points: [CrashPoint], _ state: CrashState) {
    (self.old, self.arguments, self.points, self.state) = (old, arguments, points[...], state)
  }

  /// Crash points that are still to come.
  var remaining: Int { points.count }
  var isDone: Bool { points.isEmpty }
  var point: CrashPoint? { points.first }

  /// Fails when the kill at the point has left anything but the point's state.
  mutating func check() async throws {
    guard let point = points.popFirst() else { return }
    let session = try await old.patientSession()
    let versions = try RowVersions.take(session)
    // No row has a new version, so the state is the one that was compared in full before.
    if point.state === state, versions == self.versions { return }
    try point.state.expect(session)
    (state, self.versions) = (point.state, versions)
  }
}

/// The versions of all rows, those of the catalog included: equal when nothing was written in between.
enum RowVersions {
  static func take(_ session: Session) throws -> String {
    // A transaction that was rolled back leaves the visible version of every row where it was.
    let rows = try session.query(
      """
      SELECT md5(string_agg(c.oid || ' ' || query_to_xml(format(
        CASE c.relkind WHEN 'S' THEN 'SELECT last_value, is_called FROM %s'
          ELSE 'SELECT count(*), sum(hashtext(xmin::text || ctid::text)) FROM %s' END, c.oid::regclass),
        false, false, '')::text, ',' ORDER BY c.oid))
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'S') AND (n.nspname IN ('public', 'bahari', 'bahari_undone') OR c.oid IN (
        'pg_class'::regclass, 'pg_attribute'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass,
        'pg_index'::regclass, 'pg_namespace'::regclass, 'pg_extension'::regclass, 'pg_trigger'::regclass,
        'pg_rewrite'::regclass, 'pg_sequence'::regclass, 'pg_policy'::regclass, 'pg_description'::regclass))
      """)
    return rows.string(0, 0) ?? ""
  }
}

extension OldDatabase {
  /// A session as soon as PostgreSQL accepts one: it may be recovering.
  func patientSession() async throws -> Session {
    var session: Session?
    try await eventually("a session in \(name)") {
      session = try? self.session()
      return session != nil
    }
    guard let session else { throw Trouble("no session in \(name)") }
    return session
  }
}
