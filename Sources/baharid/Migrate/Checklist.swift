/// The design's checklists (its sections 5.1 and 9.6): ticked is what was really done or looked at, and everything else
/// says how to do it.
struct Checklist: Encodable {
  struct Item: Encodable {
    let text: String
    /// What shows that it was done; nil where it was not.
    let evidence: String?
    /// What does it, or looks at it.
    let command: String
  }

  let title: String
  let items: [Item]

  var markdown: String {
    let lines = items.map { item in
      item.evidence.map { "- [x] \(item.text): \($0)" } ?? "- [ ] \(item.text): `\(item.command)`"
    }
    return "### \(title)\n\n\(lines.joined(separator: "\n"))\n"
  }
}

extension Checklist {
  /// What a run has come to, as far as the checklists ask.
  struct Facts {
    var database = ""
    var backup: String?
    var schemaFile: String?
    var rehearsal: String?
    /// Rows before, in all.
    var countedRows: Int64?
    var orphansBefore: Int?
    /// Sessions of others when the migration began; nil where nobody looked.
    var otherSessions: Int?
    var committed: String?
    var verification: Verified?
    var warnings = 0

    struct Verified {
      let rowsEqual: Bool
      let tables: Int
      let orphans: Int
      let services: Int
      let servicesAnswer: Bool
      let reads: String?
    }

    func command(_ verb: String) -> String { "baharid migrate \(verb)" }
  }

  static func all(_ facts: Facts) -> [Checklist] {
    [before(facts), preDeployment(facts), during(facts), after(facts)]
  }

  private static func before(_ facts: Facts) -> Checklist {
    Checklist(
      title: "5.1 Pre-migration",
      items: [
        Item(text: "Create Full Database Backup", evidence: facts.backup, command: facts.command("backup")),
        Item(
          text: "Record Row Counts", evidence: facts.countedRows.map { "\($0) rows, by table in this report" },
          command: facts.command("plan")),
        Item(
          text: "Verify Foreign Key Relationships",
          evidence: facts.orphansBefore.flatMap { $0 == 0 ? "no orphans" : nil },
          command: facts.command("plan")),
        Item(text: "Document Current Schema", evidence: facts.schemaFile, command: facts.command("backup")),
      ])
  }

  private static func preDeployment(_ facts: Facts) -> Checklist {
    Checklist(
      title: "9.6 Pre-deployment",
      items: [
        Item(text: "All tests passing (unit, property, integration)", evidence: nil, command: "bash .ci/run"),
        Item(
          text: "Migration tested on staging environment",
          evidence: facts.rehearsal.map { "on a copy restored from the backup: \($0)" },
          command: facts.command("run --rehearse")),
        Item(
          text: "Rollback procedure tested and documented",
          evidence: facts.rehearsal.map { _ in "undo was run on the same copy; Sources/BahariMigration/RUNBOOK.md" },
          command: facts.command("run --rehearse")),
        Item(text: "Database backup created and verified", evidence: facts.backup, command: facts.command("backup")),
        Item(
          text: "Maintenance window scheduled and communicated", evidence: nil,
          command: "tell the users when, and for how long: the rehearsal says how long tables are locked"),
        Item(
          text: "Monitoring dashboards prepared", evidence: nil,
          command: "watch -n 5 bahari stats; SELECT * FROM pg_stat_activity"),
      ])
  }

  private static func during(_ facts: Facts) -> Checklist {
    let verified = facts.verification
    return Checklist(
      title: "9.6 During deployment",
      items: [
        Item(
          text: "Application stopped",
          evidence: facts.otherSessions.flatMap { $0 == 0 ? "no other session in the database" : nil },
          command: "stop the old service; views under the old names keep one working that goes on"),
        Item(text: "Database backup created", evidence: facts.backup, command: facts.command("backup")),
        Item(text: "Migration script executed", evidence: facts.committed, command: facts.command("run")),
        Item(
          text: "Verification queries run", evidence: verified.map { "\($0.tables) tables, catalog, sequences" },
          command: facts.command("verify")),
        Item(
          text: "Row counts verified",
          evidence: verified.flatMap { $0.rowsEqual ? "\($0.tables) tables, values too" : nil },
          command: facts.command("verify")),
        Item(
          text: "Foreign keys verified", evidence: verified.flatMap { $0.orphans == 0 ? "no orphans" : nil },
          command: facts.command("verify")),
        Item(
          text: "Application started with new code", evidence: nil,
          command: "baharid serve --database '…' with the connection of \(facts.database)"),
        Item(
          text: "Smoke tests run",
          evidence: verified.flatMap { $0.servicesAnswer ? "List and Get of \($0.services) services" : nil },
          command: facts.command("verify")),
      ])
  }

  private static func after(_ facts: Facts) -> Checklist {
    Checklist(
      title: "9.6 Post-deployment",
      items: [
        Item(
          text: "All API endpoints tested", evidence: nil,
          command: "swift test --filter BahariServiceTests (List and Get alone are told above)"),
        Item(
          text: "Performance metrics checked", evidence: facts.verification?.reads,
          command: facts.command("verify")),
        Item(
          text: "Error logs reviewed", evidence: nil,
          command: "grep -E 'ERROR|FATAL|PANIC' of PostgreSQL's log and of the daemon's since the migration"),
        Item(text: "User acceptance testing", evidence: nil, command: "by the users, on the served database"),
        Item(text: "Monitor for 24 hours", evidence: nil, command: "bahari stats, and verify once a day"),
        Item(
          text: "Document any issues and resolutions", evidence: nil,
          command: "add to this report, which lists \(facts.warnings) warnings"),
      ])
  }
}
