import ArgumentParser
import BahariClient
import Glibc

@main
struct Bahari: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bahari",
    abstract: "Reads and changes fisheries data through the Bahari daemon.",
    discussion: """
      Verbs first, then the resource:
        bahari list desa --where district_id=110101 --sort name
        bahari get desa 1101012001 -o json

      `bahari describe` lists the resources, `bahari help VERB` shows more examples.

      Exit codes:
      \(ExitStatus.table)
      """,
    subcommands: [
      ListCommand.self, GetCommand.self, CreateCommand.self, UpdateCommand.self, DeleteCommand.self,
      ImportCommand.self, ExportCommand.self, CheckInCommand.self, CheckOutCommand.self, ReportCommand.self,
      CallCommand.self, DescribeCommand.self, HealthCommand.self, StatsCommand.self, BenchCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  private static func end(with error: any Error) -> Never {
    switch error {
    case let error as BahariError: leave(ErrorText.block(error), ExitStatus(error.code))
    case let failure as Failure: leave("error: \(failure.message)", ExitStatus(failure.code))
    case let failure as OutputFailure:
      // Whoever read this has what it wanted: end as quietly as the signal would have.
      if failure.isBrokenPipe { Glibc.exit(141) }
      leave("error: \(failure.message)", .inputOutput)
    case is CancellationError: leave("cancelled", .interrupted)
    default: exit(withError: error)
    }
  }

  private static func leave(_ text: String, _ status: ExitStatus) -> Never {
    StandardError.write(text + "\n")
    Glibc.exit(status.rawValue)
  }
}
