import BahariPostgres
import Foundation
import TestSupport
import Testing

@testable import BahariMigration

@Suite("Phases", .offPool) struct PhaseTests {
  /// A migration through a phase, a transaction each.
  static func migrate(_ session: Session, through phase: Int = 8, views: Bool = false) throws -> MigrationResult {
    var options = Migrator.Options()
    (options.mode, options.through, options.views) = (.phased, phase, views)
    return try Migrator(session: session, options: options).run()
  }

  @Test(
    "the design's statements are run to the letter, in its order",
    .enabled(if: SharedData.design != nil, "needs ../shared/restructure.md"))
  func letter() async throws {
    let session = try await LegacyDatabase.session("phase_letter")
    let plan = try Plan.read(session)
    #expect(plan.refusals.isEmpty)
    let text = try String(contentsOfFile: try #require(SharedData.design), encoding: .utf8)
    for (phase, statements) in DesignText.phases(text).sorted(by: { $0.key < $1.key }) {
      let own = plan.statements.filter { $0.phase == phase && $0.source == .design }.map { DesignText.plain($0.sql) }
      #expect(own == statements.map(DesignText.plain), "phase \(phase)")
    }
    #expect(plan.statements.filter { $0.source == .design }.count == 61)
  }

  @Test("each phase by itself changes its part and nothing of later phases", arguments: Phase.all.map(\.number))
  func alone(_ phase: Int) async throws {
    let session = try await LegacyDatabase.session("phase_\(phase)")
    let before = try Fingerprint.take(session)
    let result = try Self.migrate(session, through: phase)
    #expect(result.phases.map(\.phase.number) == Array(1...phase))
    #expect(try Fingerprint.take(session) == before)
    #expect(result.before == before && result.after == before)
    for table in Rename.tables {
      #expect(try exists(session, table.new) == (table.phase <= phase))
      #expect(try exists(session, table.old) == (table.phase > phase))
    }
    let columns = try LegacyColumns.read(session).flatMap(\.added)
    #expect(columns.count == (phase >= 4 ? NewColumns.names.values.map(\.count).reduce(0, +) : 0))
    for (number, tables) in PhaseStatements.newTables {
      for table in tables { #expect(try exists(session, table) == (number <= phase)) }
    }
    let key = try session.query("SELECT 1 FROM pg_constraint WHERE conname = 'fk_kelompok_nelayan_jenis_usaha'")
    #expect(key.count == (phase >= 6 ? 1 : 0))
    #expect(try exists(session, "idx_mst_pegawai_nama_trgm") == (phase == 8))
    let inspection = try Inspector.inspect(session)
    #expect(inspection.state == (phase == 8 ? .current : .partial))
    #expect(inspection.appliedPhases == Array(1...phase))
    if phase == 8 {
      #expect(try SchemaVersions.migrate(session) == .current)
    } else {
      let error = #expect(throws: SchemaError.self) { try SchemaVersions.migrate(session) }
      #expect(try #require(error).description.contains("baharid migrate plan"))
    }
  }

  @Test("a run that stopped is continued where it stopped", arguments: [Migrator.Mode.atomic, .phased])
  func resumed(_ mode: Migrator.Mode) async throws {
    let session = try await LegacyDatabase.session("phase_resumed_\(mode.rawValue)")
    _ = try Self.migrate(session, through: 3)
    var options = Migrator.Options()
    options.mode = mode
    #expect(try Migrator(session: session, options: options).run().phases.map(\.phase.number) == Array(4...8))
    #expect(try Ledger.applied(session).map(\.phase) == Array(1...8))
  }

  @Test("after a migration the schema is a fresh installation's: columns, keys, indexes, sequences, names")
  func fresh() async throws {
    let legacy = try await LegacyDatabase.session("phase_as_fresh")
    var options = Migrator.Options()
    options.views = false
    _ = try Migrator(session: legacy, options: options).run()
    let fresh = try Session(
      .inPublic(try await TestCluster.shared().database(named: "phase_fresh")))
    _ = try SchemaVersions.migrate(fresh)
    let (expected, found) = (try CanonicalCatalog.read(fresh), try CanonicalCatalog.read(legacy))
    #expect(CanonicalCatalog.differences(expected: expected, found: found).isEmpty)
    #expect(expected.lines.count > 500)
    #expect(
      try legacy.column("SELECT name FROM bahari.schema_version ORDER BY number") == SchemaVersions.all.map(\.name))
  }

  private func exists(_ session: Session, _ name: String) throws -> Bool {
    try session.query("SELECT to_regclass($1) IS NOT NULL", ["public.\(name)"]).bool(0, 0) == true
  }
}

/// The SQL of the design's section 5.2.
enum DesignText {
  /// The statements that change something, by phase.
  static func phases(_ text: String) -> [Int: [String]] {
    guard let start = text.range(of: "### 5.2"), let end = text.range(of: "### 5.3") else { return [:] }
    var phases: [Int: [String]] = [:]
    for part in text[start.upperBound..<end.lowerBound].components(separatedBy: "**Phase ").dropFirst() {
      guard let phase = part.first?.wholeNumberValue else { continue }
      let code = part.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
      let lines = code.joined(separator: "\n").split(separator: "\n").map {
        $0.components(separatedBy: "--")[0]
      }
      phases[phase] = lines.joined(separator: "\n").components(separatedBy: ";").filter {
        let plain = plain($0)
        return plain.hasPrefix("alter") || plain.hasPrefix("create")
      }
    }
    return phases
  }

  /// The statement in one spelling: case, white space, the schema's name, types and the names of keys.
  static func plain(_ sql: String) -> String {
    let words = [
      ("public\\.", ""), ("constraint \\w+ (primary|unique|references)", "$1"), ("decimal", "numeric"), ("\\s+", ""),
    ]
    return words.reduce(sql.lowercased()) { text, word in
      text.replacingOccurrences(of: word.0, with: word.1, options: .regularExpression)
    }.replacingOccurrences(of: "sql", with: "")
  }
}
