import BahariClient
import BahariDemo
import BahariMigration
import BahariPostgres
import Foundation
import Subprocess
import TestSupport

/// A database of the old service, and `baharid migrate` on it.
struct OldDatabase {
  let name: String
  let conninfo: String

  /// Every table has rows: a small part of the demo's country, and what is hard on a migration.
  private static let small = Task {
    let cluster = try await TestCluster.shared()
    try await cluster.template(named: "old_small") { conninfo in
      let session = try Session(.inPublic(conninfo))
      try fill(session)
    }
    return "old_small"
  }

  /// A copy of the small one.
  init(_ name: String) async throws {
    let template = try await OldDatabase.small.value
    self.init(name, try await TestCluster.shared().database(named: name, from: template))
  }

  init(_ name: String, _ conninfo: String) { (self.name, self.conninfo) = (name, conninfo) }

  func session() throws -> Session { try Session(.inPublic(conninfo)) }

  @discardableResult
  func sql(_ text: String) async throws -> String { try await TestCluster.shared().execute(text, in: name) }

  // MARK: Rows

  /// Makes the tables, and fills each with the first rows that refer to nothing outside.
  static func fill(_ session: Session, atMost most: Int = 160) throws {
    for statement in LegacySchema.statements { try session.execute(statement) }
    let rows = Dictionary(uniqueKeysWithValues: Country(seed: 1).tables.map { (Rename.old($0.name), $0) })
    var values: [String: [String: Set<String>]] = [:]
    for table in LegacySchema.tables {
      guard let source = rows[table.name] else { throw Trouble("the demo has no rows for \(table.name)") }
      let part = source.part(named: table.name) { column in table.columns.contains { $0.name == column } }
      let keys = table.foreignKeys.compactMap { key in part.columns.firstIndex(of: key.column).map { ($0, key) } }
      let list = part.columns.joined(separator: ", ")
      let places = (1...part.columns.count).map { "$\($0)" }.joined(separator: ", ")
      var count = 0
      try part.forEach { row in
        guard count < most else { return }
        let isInside = keys.allSatisfy { place, key in
          row[place].map { values[key.target]?[key.targetColumn]?.contains($0) ?? false } ?? true
        }
        guard isInside else { return }
        count += 1
        for (column, value) in zip(part.columns, row) {
          values[table.name, default: [:]][column, default: []].insert(value ?? "")
        }
        try session.query("INSERT INTO public.\(table.name) (\(list)) VALUES (\(places))", row)
      }
      guard count > 0 else { throw Trouble("\(table.name) has no rows") }
      guard table.hasSequence else { continue }
      try session.query(
        "SELECT setval('public.\(table.name)_id_seq', (SELECT max(id) FROM public.\(table.name)))")
    }
    try session.execute(oddities)
  }

  /// Quotes, letters beyond ASCII, line ends, NULL beside '', two visits of a day, a group below itself.
  private static let oddities = """
    UPDATE provinces SET alt_name = E'Ba''u "Laut"\\n\\t\\\\ \\u00e9\\u4e2d', latitude = NULL WHERE id = 11;
    UPDATE provinces SET alt_name = '' WHERE id = 12;
    UPDATE unit_pelaksanaan_teknis SET pimpinan = '\\N' WHERE id = 1;
    UPDATE pegawai SET last_login = '1999-12-31 23:59:59.999999', nama = 'O''Neil, "Oni"' WHERE id = 2;
    UPDATE kelompok_nelayan SET gabungan_kelompok_id = id WHERE id = (SELECT min(id) FROM kelompok_nelayan);
    INSERT INTO absensi (date, nip, checkin, ci_latitude, ci_longitude)
      SELECT date, nip, checkin, ci_latitude, ci_longitude FROM absensi ORDER BY id LIMIT 1;
    """

  // MARK: Compared

  /// All old columns of all tables, in the order of their ids, as COPY writes them; by legacy names.
  func export(renamed: Bool) async throws -> [String: Data] {
    var files: [String: Data] = [:]
    for table in LegacySchema.tables {
      let columns = table.columns.map(\.name).joined(separator: ", ")
      let path = try Place.fresh("export")
      let name = renamed ? Rename.new(table.name) : table.name
      try await sql("\\copy (SELECT \(columns) FROM public.\(name) ORDER BY id) TO '\(path)'")
      files[table.name] = try Data(contentsOf: URL(fileURLWithPath: path))
    }
    return files
  }

  // MARK: baharid migrate

  func migrate(_ verb: String, _ arguments: String..., path: String? = nil) async throws -> Ran {
    try await OldDatabase.baharid(["migrate", verb, "--database", conninfo] + arguments, path: path)
  }

  /// `path` stands before the folders in which programs are looked for.
  static func baharid(_ arguments: [String], path: String? = nil) async throws -> Ran {
    var environment = Environment.inherit
    if let path { environment = environment.updating(["PATH": "\(path):/usr/bin:/bin"]) }
    let result = try await Subprocess.run(
      .path(.init("\(Place.programs)/baharid")), arguments: Arguments(arguments), environment: environment,
      input: .none,
      output: .bytes(limit: 16 * 1_048_576), error: .string(limit: 1_048_576))
    return Ran(result.terminationStatus, result.standardOutput, result.standardError)
  }
}
