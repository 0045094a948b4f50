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

      `bahari describe` lists the resources, `bahari help VERB` shows more examples. A resource can be written \
      with - for _, in singular or plural, with its name in the old endpoints, or with its first words: bahari \
      list produksi.

      Completion in bash, also for zsh and fish: source <(bahari --generate-completion-script bash)

      Errors go to standard error: a block of lines, or with -o json or jsonl one JSON object with responseCode, \
      responseMessage, message and error {code, outcome, violations, advice}.

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
      var command = try await asyncParseAsRoot(nil)
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
    case let error as BahariError: leave(ErrorReport(error))
    case let failure as Failure: leave(ErrorReport(failure))
    case let failure as OutputFailure:
      // The reader of standard output has closed the pipe: exit without a message, with the exit code of SIGPIPE.
      if failure.isBrokenPipe { Glibc.exit(ExitStatus.closedPipe.rawValue) }
      ErrorReport(Failure(.dataLoss, failure.message)).write()
      Glibc.exit(ExitStatus.inputOutput.rawValue)
    case is CancellationError: leave(ErrorReport(Failure(.cancelled, "cancelled")))
    default:
      // The argument parser throws usage errors, but also help and completion scripts. Only usage errors become JSON.
      guard ErrorReport.isJSON, !(error is ExitCode), exitCode(for: error) != .success else { exit(withError: error) }
      leave(ErrorReport(Failure(.invalidArgument, message(for: error))))
    }
  }

  private static func leave(_ report: ErrorReport) -> Never {
    report.write()
    Glibc.exit(report.status.rawValue)
  }
}
