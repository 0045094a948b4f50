import ArgumentParser
import BahariClient

/// Errors of single rows: each is reported at once, and the command continues with the next row.
struct RowFailures {
  /// The exit status of the first error; nil if there was no error.
  private var status: ExitStatus?

  /// Reports an error that concerns only one row; throws any other error, which ends the command.
  mutating func add(_ error: BahariError) throws {
    switch error.code {
    case .notFound, .alreadyExists, .failedPrecondition, .aborted, .invalidArgument, .outOfRange:
      let report = ErrorReport(error)
      report.write()
      if status == nil { status = report.status }
    default: throw error
    }
  }

  /// Ends the command with the exit code of the first error, if there was one.
  func end() throws { if let status { throw ExitCode(status.rawValue) } }
}
