import BahariMigration
import Foundation

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

extension MigrationSummary {
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

extension Checklist {
  var markdown: String {
    let lines = items.map { item in
      item.evidence.map { "- [x] \(item.text): \($0)" } ?? "- [ ] \(item.text): `\(item.command)`"
    }
    return "### \(title)\n\n\(lines.joined(separator: "\n"))\n"
  }
}
