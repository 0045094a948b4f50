import BahariMigration
import Foundation

/// What a run, or a verification, came to: as JSON for programs and as Markdown for the archive.
struct MigrationReport: Encodable {
  let command: String
  let startedAt: Date
  var mode: String?
  var outcome = ""
  var exitCode: Int32 = 0
  var error: String?
  /// The database as it was found.
  var found: Inspection?
  var backup: BackupReport?
  var migration: MigrationLog.Summary?
  var baseline: Baseline?
  var verification: Verification?
  var checklists: [Checklist] = []
  var warnings: [String] = []

  init(_ command: String) {
    self.command = command
    startedAt = .now
  }

  mutating func end(_ exit: MigrationExit) {
    exitCode = exit.rawValue
    outcome = exit.meaning
    warnings =
      (found?.warnings ?? []) + (verification?.warnings ?? []) + (backup?.manifest.proof?.catalogDifferences ?? [])
  }

  /// Writes `NAME.json` and `NAME.md`, of this user's eyes only, since statements and ids are in them.
  func write(to folder: String, named name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    try ReportFolder.write(try encoder.encode(self), to: "\(folder)/\(name).json")
    try ReportFolder.write(Data(markdown.utf8), to: "\(folder)/\(name).md")
  }
}

/// Where reports go.
enum ReportFolder {
  static func make(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw PlaceError(description: "\(folder) cannot be made: \(error.localizedDescription)")
    }
  }

  static func write(_ data: Data, to path: String) throws {
    unlink(path)
    guard FileManager.default.createFile(atPath: path, contents: data, attributes: [.posixPermissions: 0o600]) else {
      throw PlaceError(description: "\(path) cannot be written")
    }
  }
}

extension MigrationReport {
  var markdown: String {
    var parts = [
      "# \(command)", "",
      "\(startedAt.formatted(.iso8601)), database \(found?.database ?? "unknown"), PostgreSQL "
        + "\((found?.serverVersion ?? 0) / 10_000)" + (mode.map { ", \($0)" } ?? ""), "",
      "**\(outcome)** (exit code \(exitCode))", "",
    ]
    if let error { parts += ["```", error, "```", ""] }
    if let backup { parts += backup.markdown }
    if let migration { parts += migration.markdown }
    if let verification { parts += verification.markdown }
    if !warnings.isEmpty { parts += ["## Warnings", ""] + warnings.map { "- \($0)" } + [""] }
    if !checklists.isEmpty { parts += ["## Checklists", ""] + checklists.map(\.markdown) }
    return parts.joined(separator: "\n") + "\n"
  }
}

extension BackupReport {
  var markdown: [String] {
    let proof = manifest.proof.map { "restored in \(Seconds($0.seconds)) and found equal" } ?? "not proven"
    return [
      "## Backup", "",
      "- `\(path)`, \(Megabytes(manifest.bytes)), \(manifest.tables.count) tables, \(manifest.rows) rows; \(proof)",
      "- `\(manifest.schemaFile)`: the schema alone",
    ] + (manifest.rehearsal.map { ["- rehearsal: \($0)"] } ?? []) + [""]
  }
}

extension MigrationLog.Summary {
  var markdown: [String] {
    [
      "## Migration", "",
      "\(statements.count) statements; tables were locked for \(Seconds(lockedSeconds)), "
        + "after \(refusedLocks) refused attempts.", "",
      "| phase | | time | statements |", "|---|---|---|---|",
    ]
      + phases.map { phase in
        let count = statements.count { $0.phase == phase.number }
        return "| \(phase.number) | \(phase.name) | \(Seconds(phase.seconds)) | \(count) |"
      } + ["", "<details><summary>Every statement</summary>", "", "```sql"]
      + statements.map { "\($0.sql); -- phase \($0.phase), \(Seconds($0.seconds))" } + ["```", "</details>", ""]
  }
}

extension Verification {
  var markdown: [String] {
    let rows = tables.map { table in
      let equal = table.isEqual.map { $0 ? "equal" : "**different**" } ?? "not recorded"
      return
        "| \(table.name) | \(table.legacyName) | \(table.before.map(String.init) ?? "") | \(table.now) | \(equal) |"
    }
    let times = reads.map { read in
      let before = read.before.map(Verification.rounded) ?? ""
      let ratio = read.ratio.map(Verification.rounded) ?? ""
      return "| \(read.name) | \(before) | \(Verification.rounded(read.after)) | \(ratio) |"
    }
    let plans = reads.flatMap {
      ["", "<details><summary>\($0.name)</summary>", "", "```"] + $0.plan + ["```", "</details>"]
    }
    return [
      "## Verification", "",
      rollbackReasons.isEmpty
        ? "Nothing that the design calls a reason for rollback."
        : "**Rollback advised:**\n\n" + rollbackReasons.map { "- \($0)" }.joined(separator: "\n"),
      "",
      "\(orphans.count) foreign keys with orphans, \(catalogDifferences.count) differences of the schema, "
        + "\(services) services answered.", "",
      "| table | formerly | rows before | rows now | values |", "|---|---|---|---|---|",
    ] + rows + ["", "| read | before, ms | after, ms | ratio |", "|---|---|---|---|"] + times + plans + [""]
  }
}
