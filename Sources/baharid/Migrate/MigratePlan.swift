import ArgumentParser
import BahariMigration
import BahariPostgres

struct MigratePlan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Says what a migration would do here, what it needs, and what stands in its way. Changes nothing.",
    discussion: """
        baharid migrate plan --database 'host=/run/postgresql dbname=perikanan'
        baharid migrate plan --sql > rencana.sql
      """)

  @Flag(help: "Every statement, with the phase and the section of the design that it belongs to.")
  var sql = false

  @Flag(help: "Without views under the old names.")
  var noCompatViews = false

  @OptionGroup var target: TargetOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.run(on: target) { conninfo in
      let views = !noCompatViews
      let plan = try await inSession(conninfo) { try Plan.read($0, views: views) }
      PlanText(plan: plan, sql: sql, line: output.line).tell()
      try output.show(plan)
      let isDone = plan.inspection.state == .current || plan.inspection.state == .empty
      return plan.refusals.isEmpty || isDone ? .done : .refused
    }
  }
}

/// A plan for people.
struct PlanText {
  let plan: Plan
  let sql: Bool
  let line: ProgressLine

  func tell() {
    let found = plan.inspection
    line.say(
      "database \(found.database) of PostgreSQL \(found.serverVersion / 10_000), \(Megabytes(found.databaseBytes)): "
        + PlanText.words(found.state))
    for table in found.tables {
      line.say(
        "  \(table.legacyName)\(table.name == table.legacyName ? "" : ", now \(table.name)"): \(table.rows) rows")
    }
    list("made, since this installation lacks it", found.missing.map(\.name))
    list(
      "uses the old tables", found.dependents.map { "\($0.kind.rawValue) \($0.name)\($0.breaks ? ", by name" : "")" })
    list("comes back from an earlier undo", found.kept)
    list("does not work through the views under the old names", plan.viewLimits)
    list("in a transaction for long", found.longTransactions.map(\.description))
    for phase in plan.phases {
      line.say("phase \(phase.phase.number): \(phase.phase.name), \(phase.statements.count) statements")
      guard sql else { continue }
      for statement in phase.statements { line.say("  \(statement.sql);  -- \(statement.section)") }
    }
    for warning in found.warnings { line.say("warning: \(warning)") }
    for refusal in found.refusals { line.say("refused: \(refusal)") }
    if plan.refusals.isEmpty, !plan.phases.isEmpty { line.say("nothing stands in the way: baharid migrate run") }
  }

  private func list(_ title: String, _ lines: [String]) {
    if !lines.isEmpty { line.say("  \(title): \(lines.joined(separator: "; "))") }
  }

  static func words(_ state: Inspection.State) -> String {
    switch state {
    case .empty: "empty"
    case .legacy: "the old service's tables, to be migrated"
    case .partial: "migrated in part"
    case .current: "migrated, or made by Bahari"
    case .foreign: "no database of the old service"
    }
  }
}

struct MigrateStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Says how far a database is: which phases are applied, since when, and what comes next.")

  @OptionGroup var target: TargetOptions
  @OptionGroup var output: OutputOptions

  private struct Report: Encodable {
    let found: Inspection
    let applied: [Ledger.Entry]
  }

  func run() async throws {
    try await output.run(on: target) { conninfo in
      let report = try await inSession(conninfo) { session in
        Report(found: try Inspector.inspect(session), applied: try Ledger.applied(session))
      }
      tell(report, output.line)
      try output.show(report)
      return .done
    }
  }

  private func tell(_ report: Report, _ line: ProgressLine) {
    line.say("database \(report.found.database): \(PlanText.words(report.found.state))")
    for entry in report.applied {
      line.say(
        "  phase \(entry.phase) \(Phase.numbered(entry.phase).name): \(entry.startedAt), \(entry.mode), "
          + Seconds(entry.seconds).description)
    }
    if !report.found.kept.isEmpty { line.say("  kept by an undo: \(report.found.kept.joined(separator: ", "))") }
    switch report.found.state {
    case .legacy: line.say("next: baharid migrate plan, then baharid migrate run")
    case .partial:
      let last = report.applied.map(\.phase).max() ?? 0
      line.say("stopped after phase \(last) of \(Phase.all.count): baharid migrate run goes on, undo goes back")
    case .current where !report.applied.isEmpty: line.say("next: baharid migrate verify; undo goes back")
    case .empty, .current: line.say("next: baharid serve")
    case .foreign: for refusal in report.found.refusals { line.say("  \(refusal)") }
    }
  }
}
