import Foundation

/// The facts about a run that tick items of the checklists. A fact that is nil ticks nothing.
struct ChecklistFacts {
  let database: String
  let backup: String?
  let schemaFile: String?
  let rehearsal: String?
  /// The number of rows in all legacy tables before the run.
  let countedRows: Int64?
  /// The number of foreign keys with orphans before the run.
  let orphansBefore: Int?
  let verification: Verification?
  let warnings: Int
  /// The number of other clients' sessions when the migration began.
  var otherSessions: Int?
  /// The path of the log of all statements; nil if the migration was not committed.
  var statementLog: String?
  let statements: Int

  init(_ report: MigrationReport) {
    let backup = report.backup
    database = report.found?.database ?? ""
    self.backup = backup.map { "`\($0.path)`, restored and found equal in \($0.manifest.tables.count) tables" }
    schemaFile = backup.map { "`\(($0.path as NSString).deletingLastPathComponent)/\($0.manifest.schemaFile)`" }
    rehearsal = backup?.manifest.rehearsal
    countedRows = report.found?.rows
    orphansBefore = report.found.map { $0.refusals.count { $0.reason == .orphans } }
    verification = report.verification
    warnings = report.warnings.count
    statements = report.migration?.statements.count ?? 0
  }

  var committed: String? { statementLog.map { "\(statements) statements, `\($0)`" } }

  func command(_ verb: String) -> String { "baharid migrate \(verb)" }
}
