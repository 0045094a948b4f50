import ArgumentParser
import BahariClient

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Adds and changes rows from a CSV file.",
    discussion: """
      The header names columns. Rows are matched by the resource's key; an empty field is NULL, or the
      default where the column takes no NULL; "" is the empty text. Batches are written whole or not at
      all; with --on-error skip, bad rows are reported by line and left out. What is odd and written all the
      same is a warning: the first \(ImportWarnings.most) are shown. Examples:
        bahari import desa desa.csv
        bahari export desa --where district_id=110101 | bahari import desa - --dry-run
      """)

  enum OnError: String, ExpressibleByArgument, CaseIterable { case stop, skip }

  @Argument(help: "The resource.") var resource: String
  @Argument(help: "A CSV file; - is standard input.") var file: String
  @Option(help: "stop or skip.") var onError = OnError.stop
  @Option(help: "Rows sent together, 1 to 10000.") var batch = 1_000
  @Flag(help: "Check everything, write nothing.") var dryRun = false
  @Option(name: .shortAndLong, help: "How the last line is written: table or json.") var output = PlainFormat.table
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    guard (1...10_000).contains(batch) else { throw ValidationError("--batch takes 1 to 10000 rows, not \(batch)") }
  }

  func run() async throws {
    let input = try InputFile(file)
    let session = try await Session(connection, defaultTimeout: 600)
    let target = try session.target(resource)
    var run = ImportRun(session: session, target: target, command: self)
    do {
      try await run.read(input)
    } catch {
      run.progress.clear()
      try finish(run, stoppedBy: error)
      throw error is ImportStopped ? ExitCode(ExitStatus.refused.rawValue) : error
    }
    run.progress.clear()
    try finish(run, stoppedBy: nil)
    if run.summary.failed > 0 { throw ExitCode(ExitStatus.refused.rawValue) }
  }

  private func finish(_ run: ImportRun, stoppedBy error: (any Error)?) throws {
    if output == .table, let rest = run.summary.warnings.rest { StandardError.write(rest + "\n") }
    if let stop = error as? ImportStopped {
      for fault in stop.faults { StandardError.write(TableText.escaped(fault.text) + "\n") }
      StandardError.write(
        "error: stopped at the batch of lines \(stop.firstLine) to \(stop.lastLine), of which nothing was written; "
          + "mend the lines above and import again, or leave them out with --on-error skip\n")
    }
    if error != nil { StandardError.write("before that: \(run.summary.text)\n") }
    guard error == nil || output == .json else { return }
    var out = Output()
    out.line(output == .json ? run.summary.json : (dryRun ? "dry run: " : "") + run.summary.text)
    try out.flush()
  }
}

/// One run over a file, in portions of 64 KiB.
struct ImportRun {
  let session: Session
  let target: Target
  let command: ImportCommand
  var progress = Progress()
  private var importer: Importer?
  private var parser = CSVParser()

  init(session: Session, target: Target, command: ImportCommand) {
    self.session = session
    self.target = target
    self.command = command
  }

  var summary: ImportSummary { importer?.summary ?? ImportSummary() }

  mutating func read(_ input: InputFile) async throws {
    var portion = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = try portion.withUnsafeMutableBytes { try input.read(into: $0) }
      if count == 0 { break }
      let (records, fault) = cut(portion[..<count])
      for record in records { try await take(record) }
      if let fault { throw fault }
      let fraction = input.size.map { $0 > 0 ? Double(input.position) / Double($0) : 1 }
      progress.show(rows: summary.rows, fraction: fraction)
    }
    if let record = try parser.finish() { try await take(record) }
    guard importer != nil else { throw Failure(.invalidArgument, "\(command.file) has no header") }
    try await importer?.finish()
  }

  /// The records that end in this portion, and what is wrong behind them.
  private mutating func cut(_ bytes: ArraySlice<UInt8>) -> ([CSVRecord], (any Error)?) {
    var records: [CSVRecord] = []
    var fault: (any Error)?
    var parser = parser
    bytes.withUnsafeBytes { raw in
      var offset = 0
      do {
        while let record = try parser.next(in: raw, at: &offset) { records.append(record) }
      } catch {
        fault = error
      }
    }
    self.parser = parser
    return (records, fault)
  }

  private mutating func take(_ record: CSVRecord) async throws {
    guard importer == nil else {
      try await importer?.add(record)
      return
    }
    let plan = try ImportPlan(header: record, target: target, schema: session.schema)
    if !plan.ignored.isEmpty {
      StandardError.write("\(plan.ignored.joined(separator: " and ")): kept by the daemon, not imported\n")
    }
    let progress = progress
    var importer = try Importer(
      session, target, plan, batchSize: command.batch, skipsBadRows: command.onError == .skip,
      dryRun: command.dryRun)
    importer.report = { fault in
      progress.clear()
      StandardError.write(TableText.escaped(fault.text) + "\n")
    }
    // As JSON they stand in the last line.
    if command.output == .table {
      importer.warn = { warning in
        progress.clear()
        StandardError.write("warning: \(TableText.escaped(warning.text))\n")
      }
    }
    self.importer = importer
  }
}
