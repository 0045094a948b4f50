import BahariClient

/// One run of `bahari import`, which reads a CSV file in portions of 64 KiB.
struct ImportRun {
  let daemon: DescribedDaemon
  let target: DescribedResource
  let command: ImportCommand
  var progress: Progress
  private var importer: Importer?
  private var parser = CSVParser()
  /// The end of the part of the file that is parsed, with the line of its last record.
  private var place = ImportPlace()
  private let names: [String: String]
  private let interruption = Interruption()

  private let stateFile: ImportStateFile?
  /// The state of the interrupted import that --resume continues; nil for a new import. Records before its position are
  /// skipped.
  private var before: ImportState?
  /// Whether the records that the interrupted import has handled are skipped; true for a new import.
  private var isPast = true
  private var run = RequestID.random()

  init(daemon: DescribedDaemon, target: DescribedResource, command: ImportCommand) throws {
    self.daemon = daemon
    self.target = target
    self.command = command
    progress = Progress(isShown: !command.quiet)
    let pairs = try command.map.map { try Assignment($0, option: "--map") }.map { ($0.column, $0.value.trimmed) }
    names = Dictionary(pairs) { _, last in last }
    stateFile =
      command.dryRun
      ? nil
      : ImportStateFile(input: command.file, resource: target.info.name, socket: daemon.client.socketPath)
    if command.resume == true { before = try stateToResume() }
    if let before { (run, isPast) = (before.run, before.place.offset == 0) }
  }

  var summary: ImportSummary { importer?.summary ?? before?.summary ?? ImportSummary() }

  /// Whether a state is saved from which `--resume` can continue.
  var canResume: Bool { stateFile?.read() != nil }

  /// The counts, the line up to which the file is imported, and how to continue.
  var status: String { ImportRun.status(summary, to: stateFile?.read()?.place.line, canResume: canResume) }

  /// Removes the saved state after a complete import.
  func forget() { stateFile?.remove() }

  /// Prepares the saved state for --resume after the import stopped at a batch with bad rows. The run gets a new name
  /// and so new request ids, because the corrected batch is a new write and not a repetition. Removes the state if no
  /// batch was written.
  func stoppedByRows() {
    guard let stateFile, var state = stateFile.read() else { return }
    guard state.number > 1 else { return stateFile.remove() }
    state.run = RequestID.random()
    _ = stateFile.write(state)
  }

  private static func status(_ summary: ImportSummary, to line: Int?, canResume: Bool) -> String {
    let advice = line.map { " up to line \($0); --resume continues behind it" } ?? ""
    return summary.text + (canResume ? advice : "")
  }

  /// The command line options that determine the rows and the request of each batch.
  private var options: String {
    let map = names.sorted { $0.key < $1.key }.map { " --map \($0.key)=\($0.value)" }.joined()
    return "--batch \(command.batch) --on-error \(command.skipsBadRows ? "skip" : "stop")\(map)"
  }

  private func stateToResume() throws -> ImportState {
    guard let state = stateFile?.read() else {
      throw Failure(
        .notFound,
        "no import of \(command.file) into \(target.info.name) was interrupted here: import it without --resume")
    }
    guard state.options == options else {
      throw Failure(
        .invalidArgument,
        "the import of \(command.file) was begun with \(state.options): use the same options, or begin anew with "
          + "--no-resume")
    }
    return state
  }

  // MARK: The file

  mutating func read(_ input: InputFile) async throws {
    var portion = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = try portion.withUnsafeMutableBytes { try input.read(into: $0) }
      if count == 0 { break }
      let (records, failure) = parse(portion[..<count])
      for (record, end) in records { try await take(record, end) }
      if let failure { throw failure }
      let size = Double(max(1, input.size ?? 1))
      progress.show(
        rows: summary.rows - (before?.summary.rows ?? 0),
        fraction: input.size.map { _ in Double(input.position) / size },
        before: Double(before?.place.offset ?? 0) / size)
    }
    if let record = try parser.finish() {
      place.line = record.line
      try await take(record, place)
    }
    guard importer != nil else { throw Failure(.invalidArgument, "\(command.file) has no header") }
    if let before, !isPast { throw changed(before) }
    try await importer?.finish()
  }

  /// Parses a portion of the file. Returns the records that end in it, each with the position of its end, and the error
  /// that follows the last of them, if any.
  private mutating func parse(_ bytes: ArraySlice<UInt8>) -> ([(CSVRecord, ImportPlace)], (any Error)?) {
    var records: [(CSVRecord, ImportPlace)] = []
    var failure: (any Error)?
    var (parser, place) = (parser, place)
    bytes.withUnsafeBytes { raw in
      var offset = 0
      var done = 0
      do {
        while let record = try parser.next(in: raw, at: &offset) {
          if stateFile != nil { place.add(UnsafeRawBufferPointer(rebasing: raw[done..<offset])) }
          done = offset
          place.line = record.line
          records.append((record, place))
        }
      } catch {
        failure = error
      }
      if stateFile != nil { place.add(UnsafeRawBufferPointer(rebasing: raw[done...])) }
    }
    (self.parser, self.place) = (parser, place)
    return (records, failure)
  }

  private mutating func take(_ record: CSVRecord, _ end: ImportPlace) async throws {
    guard importer != nil else { return try begin(record) }
    if let before, !isPast {
      guard end.offset >= before.place.offset else { return }
      // The part of the file that the interrupted import has handled must not have changed.
      guard end == before.place else { throw changed(before) }
      isPast = true
      return
    }
    try await importer?.add(record, end: end)
  }

  private func changed(_ state: ImportState) -> Failure {
    Failure(
      .failedPrecondition,
      "\(command.file) has changed before line \(state.place.line), up to which it was imported: import the missing "
        + "rows as a file of their own, or begin anew with --no-resume")
  }

  // MARK: The header

  private mutating func begin(_ header: CSVRecord) throws {
    let plan = try ImportPlan(header: header, target: target, schema: daemon.schema, names: names)
    if command.output == .table, !command.quiet { note(plan) }
    try checkAgainstInterrupted(plan)
    var options = Importer.Options()
    (options.batch, options.inFlight, options.run) = (command.batch, command.inFlight, run)
    (options.skipsBadRows, options.dryRun) = (command.skipsBadRows, command.dryRun)
    options.keepsRecords = command.rejects != nil
    var importer = try Importer(
      daemon, target, plan, options, number: before?.number ?? 1, summary: before?.summary ?? ImportSummary())
    let progress = progress
    let rejects = try command.rejects.map {
      try Rejects($0, header: plan.header, continues: before != nil, before: before?.rejects)
    }
    let isJSON = command.output == .json
    importer.report = { fault, record in
      progress.clear()
      try rejects?.add(fault, record)
      if rejects == nil { StandardError.write((isJSON ? fault.json : TableText.escaped(fault.text)) + "\n") }
    }
    // With -o json, the summary on the last line contains the warnings.
    if command.output == .table, !command.quiet {
      importer.warn = { warning in
        progress.clear()
        StandardError.write("warning: \(TableText.escaped(warning.text))\n")
      }
    }
    keepState(&importer, rejects)
    self.importer = importer
  }

  private func note(_ plan: ImportPlan) {
    if !plan.ignored.isEmpty {
      StandardError.write("\(plan.ignored.joined(separator: " and ")): set by the daemon, not imported\n")
    }
    if !plan.missing.isEmpty {
      StandardError.write("note: the file has no \(plan.missing.joined(separator: ", ")), which every new row needs\n")
    }
  }

  /// Throws if rows without a key could be added a second time: if the interrupted import is too old to be continued,
  /// or if neither --resume nor --no-resume is given after an interrupted import.
  private func checkAgainstInterrupted(_ plan: ImportPlan) throws {
    if let before, before.isForgotten, !plan.isKeyed {
      throw Failure(
        .failedPrecondition,
        "the import was interrupted more than a day ago, and the daemon no longer knows whether the lines behind "
          + "\(before.place.line) were written: check which rows exist, and import the rest as a file of its own")
    }
    guard command.resume == nil, let state = stateFile?.read(), !plan.isKeyed else { return }
    throw Failure(
      .failedPrecondition,
      "an import of \(command.file) was interrupted behind line \(state.place.line), and its rows have no key: "
        + "continue with --resume, or begin anew with --no-resume, which adds them again")
  }

  /// Saves the state of the import now, and has the importer save it after each batch.
  private func keepState(_ importer: inout Importer, _ rejects: Rejects?) {
    guard let stateFile else {
      importer.done = { [interruption] _, place, summary in
        interruption.setStatus("\(summary.text) up to line \(place.line)")
      }
      return
    }
    var state = before ?? ImportState(run: run, options: options)
    state.rejects = rejects?.place
    if !stateFile.write(state) {
      StandardError.write("note: \(stateFile.path) cannot be written, so that --resume will not be possible\n")
    }
    importer.done = { [interruption] number, place, summary in
      state.take(number, place, summary)
      state.rejects = rejects?.place
      let isWritten = stateFile.write(state)
      interruption.setStatus(ImportRun.status(summary, to: place.line, canResume: isWritten))
    }
  }
}
