import BahariMigration

/// Prints the plan of a migration as lines for people.
struct PlanText {
  let plan: Plan
  let sql: Bool
  let line: ProgressLine

  func show() {
    let found = plan.inspection
    line.say(
      "database \(found.database) of PostgreSQL \(found.serverVersion / 10_000), \(Megabytes(found.databaseBytes)): "
        + PlanText.words(found.state))
    for table in found.tables {
      line.say(
        "  \(table.legacyName)\(table.name == table.legacyName ? "" : ", now \(table.name)"): \(table.rows) rows")
    }
    list("missing in this installation, will be created", found.missing.map(\.name))
    list(
      "uses the old tables", found.dependents.map { "\($0.kind.rawValue) \($0.name)\($0.breaks ? ", by name" : "")" })
    list("restored from an earlier undo", found.kept)
    list("does not work through the views under the old names", plan.viewLimits)
    list("transactions open for over a minute", found.longTransactions.map(\.description))
    for phase in plan.phases {
      line.say("phase \(phase.phase.number): \(phase.phase.name), \(phase.statements.count) statements")
      guard sql else { continue }
      for statement in phase.statements { line.say("  \(statement.sql);  -- \(statement.section)") }
    }
    for warning in found.warnings { line.say("warning: \(warning)") }
    for refusal in found.refusals { line.say("refused: \(refusal)") }
    if plan.refusals.isEmpty, !plan.phases.isEmpty { line.say("nothing forbids the migration: baharid migrate run") }
  }

  private func list(_ title: String, _ lines: [String]) {
    if !lines.isEmpty { line.say("  \(title): \(lines.joined(separator: "; "))") }
  }

  static func words(_ state: Inspection.State) -> String {
    switch state {
    case .empty: "empty"
    case .legacy: "the old service's tables, to be migrated"
    case .partial: "migrated in part"
    case .current: "migrated, or created by Bahari"
    case .foreign: "not a database of the old service"
    }
  }
}
