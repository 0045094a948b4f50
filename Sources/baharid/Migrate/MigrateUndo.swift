import ArgumentParser
import BahariMigration
import BahariPostgres

struct MigrateUndo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Takes a migration back, in one transaction, with all that was written since.",
    discussion: """
      Old names come back; new tables and the values of new columns are kept in the schema bahari_undone, from where a \
      later 'run' takes them again. Fingerprints prove that no row of the old columns was lost.

        baharid migrate undo --database 'host=/run/postgresql dbname=perikanan'
      """)

  @OptionGroup var steps: StepOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var output: OutputOptions

  private struct Report: Encodable {
    let undone: Undo.Result
    let statements: MigrationLog.Summary
  }

  func run() async throws {
    try await output.run(on: target) { conninfo in
      let line = output.line
      let log = try steps.log(line, statements: 0)
      let options = steps.migrator
      do {
        let result = try await steps.again(log) {
          try await inSession(conninfo) { session in
            try Undo(session: session, options: options) { log.observe($0) }.run()
          }
        }
        line.clear()
        line.say(
          "undone: phases \(result.phases.map(String.init).joined(separator: ", ")); tables were locked for "
            + Seconds(log.summary.lockedSeconds).description)
        for (table, rows) in result.kept.sorted(by: { $0.key < $1.key }) {
          line.say("  kept in bahari_undone: \(table), \(rows) rows")
        }
        switch result.catalogDifferences {
        case nil: line.say("  the schema before the migration was not recorded, so it is not compared")
        case []: line.say("  the schema is that of before the migration")
        case let differences?:
          for difference in differences { line.say("  not as before the migration: \(difference)") }
        }
        for left in result.left { line.say("  left: \(left)") }
        try output.show(Report(undone: result, statements: log.summary))
        return .done
      } catch {
        log.unlock()
        line.clear()
        await steps.alert(conninfo)?.tell(error, log)
        OutputOptions.complain(error)
        return await Aftermath(conninfo: conninfo, line: line).exit(afterUndo: error)
      }
    }
  }
}
