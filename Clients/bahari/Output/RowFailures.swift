import ArgumentParser
import BahariClient

/// Faults of single rows: each is told at once, and the work goes on with the next row.
struct RowFailures {
  /// Of the first one.
  private var status: ExitStatus?

  /// Passes on what is about more than the row.
  mutating func add(_ error: BahariError) throws {
    switch error.code {
    case .notFound, .alreadyExists, .failedPrecondition, .aborted, .invalidArgument, .outOfRange:
      let report = ErrorReport(error)
      report.write()
      if status == nil { status = report.status }
    default: throw error
    }
  }

  /// Ends the command with the code of the first, where there was one.
  func end() throws { if let status { throw ExitCode(status.rawValue) } }
}
