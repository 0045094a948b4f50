import ArgumentParser
import BahariMigration

struct MigrateStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows how far a database is migrated: which phases are applied, since when, and the next step.")

  @OptionGroup var address: DatabaseAddress
  @OptionGroup var output: OutputOptions

  private struct Report: Encodable {
    let found: Inspection
    let applied: [Ledger.Entry]
  }

  func run() async throws {
    try await output.run(on: address) { conninfo in
      let report = try await inSession(conninfo) { session in
        Report(found: try Inspector.inspect(session), applied: try Ledger.applied(session))
      }
      show(report, output.line)
      try output.show(report)
      return .done
    }
  }

  private func show(_ report: Report, _ line: ProgressLine) {
    line.say("database \(report.found.database): \(PlanText.words(report.found.state))")
    for entry in report.applied {
      line.say(
        "  phase \(entry.phase) \(Phase.numbered(entry.phase).name): \(entry.startedAt), \(entry.mode), "
          + "\(Seconds(entry.seconds))")
    }
    if !report.found.kept.isEmpty { line.say("  kept by an undo: \(report.found.kept.joined(separator: ", "))") }
    switch report.found.state {
    case .legacy: line.say("next: baharid migrate plan, then baharid migrate run")
    case .partial:
      let last = report.applied.map(\.phase).max() ?? 0
      line.say("stopped after phase \(last) of \(Phase.last.number): baharid migrate run continues, undo reverts it")
    case .current where !report.applied.isEmpty: line.say("next: baharid migrate verify; undo reverts the migration")
    case .empty, .current: line.say("next: baharid serve")
    case .foreign: for refusal in report.found.refusals { line.say("  \(refusal)") }
    }
  }
}
