import ArgumentParser
import BahariMigration

struct MigratePlan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Lists what a migration would do, what it needs, and what forbids it. Changes nothing.",
    discussion: """
        baharid migrate plan --database 'host=/run/postgresql dbname=perikanan'
        baharid migrate plan --sql > rencana.sql
      """)

  @Flag(help: "Prints every statement, with its section of the design.")
  var sql = false

  @Flag(help: "Without views under the old names.")
  var noCompatViews = false

  @OptionGroup var address: DatabaseAddress
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.run(on: address) { conninfo in
      let views = !noCompatViews
      let plan = try await inSession(conninfo) { try Plan.read($0, views: views) }
      PlanText(plan: plan, sql: sql, line: output.line).show()
      try output.show(plan)
      let isDone = plan.inspection.state == .current || plan.inspection.state == .empty
      return plan.refusals.isEmpty || isDone ? .done : .refused
    }
  }
}
