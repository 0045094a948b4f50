import ArgumentParser
import BahariClient
import BahariFrame

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Adds and changes rows from a CSV file.",
    discussion: """
      The header names columns. Rows are matched by the resource's key. An empty field is NULL, or the default of \
      a column without NULL; "" is the empty text. A batch is written whole or not at all; with --on-error skip, \
      bad rows are reported by line and left out. Unusual values are written with a warning; the first \
      \(ImportWarnings.most) warnings are shown. An interrupted import of a file continues with --resume, and \
      writes no row twice. Examples:
        bahari import desa desa.csv
        bahari import desa desa.csv --on-error skip --rejects bad.csv
        bahari import kapal vessels.csv --map nama=nama_kapal --map catatan=
        bahari import desa desa.csv --resume
        bahari export desa --where district_id=110101 | bahari import desa - --dry-run
      """)

  enum OnError: String, ExpressibleByArgument, CaseIterable { case stop, skip }

  @Argument(help: "The resource.", completion: Completions.resources) var resource: String
  @Argument(help: "A CSV file; - is standard input.", completion: .file(extensions: ["csv"])) var file: String
  @Option(help: "At a bad row: stop, or skip it. Default: stop; skip with --rejects.")
  var onError: OnError?
  @Option(help: "A CSV file for the rows that are left out, each with its line and its errors.", completion: .file())
  var rejects: String?
  @Option(help: "FILE_COLUMN=COLUMN if the names differ; FILE_COLUMN= leaves it out. Repeatable.")
  var map: [String] = []
  @Option(help: "Rows of one batch, 1 to \(CallLimits.batchRows).") var batch = 1_000
  @Option(help: "Batches in flight, 1 to 16, if rows have a key.") var inFlight = 4
  @Flag(inversion: .prefixedNo, help: "Continue an interrupted import of the file, or begin anew.")
  var resume: Bool?
  @Flag(help: "Check everything and write nothing.") var dryRun = false
  @Flag(name: .shortAndLong, help: "Print nothing about what succeeded.") var quiet = false
  @Option(name: .shortAndLong, help: "The form of the last line: table or json.") var output = PlainFormat.table
  @OptionGroup var connection: ConnectionOptions

  var skipsBadRows: Bool { (onError ?? (rejects == nil ? .stop : .skip)) == .skip }

  func validate() throws {
    guard (1...CallLimits.batchRows).contains(batch) else {
      throw ValidationError("--batch takes 1 to \(CallLimits.batchRows) rows, not \(batch)")
    }
    guard (1...16).contains(inFlight) else { throw ValidationError("--in-flight takes 1 to 16, not \(inFlight)") }
    if rejects != nil, !skipsBadRows { throw ValidationError("--rejects requires --on-error skip") }
    if resume == true, file == "-" {
      throw ValidationError("standard input cannot be read again: --resume requires a file")
    }
    if resume == true, dryRun { throw ValidationError("a dry run writes nothing: there is nothing to resume") }
  }

  func run() async throws {
    let input = try InputFile(file)
    let daemon = try await DescribedDaemon(connection, defaultTimeout: 600)
    let target = try daemon.target(resource)
    var run = try ImportRun(daemon: daemon, target: target, command: self)
    do {
      try await run.read(input)
    } catch {
      run.progress.clear()
      throw try ended(run, by: error)
    }
    run.progress.clear()
    run.forget()
    if output == .table, !quiet, let rest = run.summary.warnings.rest { StandardError.write(rest + "\n") }
    if output == .json || !quiet {
      var out = Output()
      out.line(output == .json ? run.summary.json : (dryRun ? "dry run: " : "") + run.summary.text)
      try out.flush()
    }
    if run.summary.failed > 0 { throw ExitCode(ExitStatus.refused.rawValue) }
  }

  /// Reports `error`, which ended the import, with the counts and how to continue.
  ///
  /// - Returns: the error to throw.
  private func ended(_ run: ImportRun, by error: any Error) throws -> any Error {
    if output == .json {
      var out = Output()
      out.line(run.summary.json)
      try out.flush()
    }
    var thrown = error
    if let stop = error as? ImportStopped {
      run.stoppedByRows()
      let message =
        "stopped at the batch of lines \(stop.firstLine) to \(stop.lastLine), of which nothing was written; "
        + "correct its lines and \(run.canResume ? "continue with --resume" : "import again"), or leave them out with "
        + "--on-error skip"
      let violations = stop.faults.map {
        BahariError.Violation(
          field: "line \($0.line)" + ($0.column.isEmpty ? "" : ": \($0.column)"), description: $0.cause, reason: "")
      }
      if ErrorReport.isJSON {
        ErrorReport(Failure(.failedPrecondition, message, violations: violations)).write()
      } else {
        for fault in stop.faults { StandardError.write(TableText.escaped(fault.text) + "\n") }
        StandardError.write("\(Screen.messages.red("error:")) \(message)\n")
      }
      thrown = ExitCode(ExitStatus.refused.rawValue)
    } else if !ErrorReport.isJSON, let report = ImportCommand.report(error) {
      StandardError.write(report.block(.messages) + "\n")
      thrown = ExitCode(report.status.rawValue)
    }
    if !ErrorReport.isJSON { StandardError.write("before that: \(run.status)\n") }
    return thrown
  }

  private static func report(_ error: any Error) -> ErrorReport? {
    switch error {
    case let error as BahariError: ErrorReport(error)
    case let failure as Failure: ErrorReport(failure)
    default: nil
    }
  }
}
