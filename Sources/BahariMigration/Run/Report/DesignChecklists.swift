/// The items of the design's checklists and the facts that tick them.
extension Checklist {
  static func all(_ facts: ChecklistFacts) -> [Checklist] {
    [before(facts), preDeployment(facts), during(facts), after(facts)]
  }

  private static func before(_ facts: ChecklistFacts) -> Checklist {
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

  private static func preDeployment(_ facts: ChecklistFacts) -> Checklist {
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
          command: "announce when and for how long: the rehearsal measures how long tables are locked"),
        Item(
          text: "Monitoring dashboards prepared", evidence: nil,
          command: "watch -n 5 bahari stats; SELECT * FROM pg_stat_activity"),
      ])
  }

  private static func during(_ facts: ChecklistFacts) -> Checklist {
    let verified = facts.verification
    return Checklist(
      title: "9.6 During deployment",
      items: [
        Item(
          text: "Application stopped",
          evidence: facts.otherSessions.flatMap { $0 == 0 ? "no other session in the database" : nil },
          command: "stop the old service; one that continues works through the views under the old names"),
        Item(text: "Database backup created", evidence: facts.backup, command: facts.command("backup")),
        Item(text: "Migration script executed", evidence: facts.committed, command: facts.command("run")),
        Item(
          text: "Verification queries run", evidence: verified.map { "\($0.tables.count) tables, catalog, sequences" },
          command: facts.command("verify")),
        Item(
          text: "Row counts verified",
          evidence: verified.flatMap { $0.rowsAreEqual ? "\($0.tables.count) tables, values too" : nil },
          command: facts.command("verify")),
        Item(
          text: "Foreign keys verified", evidence: verified.flatMap { $0.orphans.isEmpty ? "no orphans" : nil },
          command: facts.command("verify")),
        Item(
          text: "Application started with new code", evidence: nil,
          command: "baharid serve --database '…' with the connection of \(facts.database)"),
        Item(
          text: "Smoke tests run",
          evidence: verified.flatMap {
            $0.serviceFaults.isEmpty ? "List and Get of \($0.services) services" : nil
          },
          command: facts.command("verify")),
      ])
  }

  private static func after(_ facts: ChecklistFacts) -> Checklist {
    Checklist(
      title: "9.6 Post-deployment",
      items: [
        Item(
          text: "All API endpoints tested", evidence: nil,
          command: "swift test --filter BahariServiceTests (the run itself calls only List and Get)"),
        Item(
          text: "Performance metrics checked", evidence: facts.verification?.comparedTimes,
          command: facts.command("verify")),
        Item(
          text: "Error logs reviewed", evidence: nil,
          command: "grep -E 'ERROR|FATAL|PANIC' in the logs of PostgreSQL and of the daemon since the migration"),
        Item(text: "User acceptance testing", evidence: nil, command: "by users, on the served database"),
        Item(
          text: "Monitor for 24 hours", evidence: nil, command: "bahari stats, and baharid migrate verify once a day"),
        Item(
          text: "Document any issues and resolutions", evidence: nil,
          command: "add to this report, which lists \(facts.warnings) warnings"),
      ])
  }
}
