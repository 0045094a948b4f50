import BahariClient

/// Sends records as batches and takes their replies in the order of the file.
///
/// Where rows have a key, some batches are on their way at a time, as long as they share no unique value: two lines
/// about one row are never written in the wrong order. Without a key every row is added, and one batch waits for the
/// one before, so that what was written is always a beginning of the file.
struct Importer {
  struct Options {
    var batch = 1_000
    var skipsBadRows = false
    var dryRun = false
    /// Batches on their way at a time, where rows have a key.
    var inFlight = 1
    /// Names the run: a batch's request id is this and its number.
    var run = RequestID.random()
    var keepsRecords = false
  }

  private struct Sent {
    var rows: BatchLines
    /// Nil where no row was good enough to be sent.
    var call: Task<Record, any Error>?
  }

  let plan: ImportPlan
  private let daemon: DescribedDaemon
  private let options: Options
  private let method: Method
  private let dataField: Field
  /// Columns whose values no two batches may write at the same time.
  private let unique: [String]
  private var rest: Record
  private var batch = ImportBatch()
  private var sent: [Sent] = []
  /// Of the next batch.
  private var number: Int
  private(set) var summary: ImportSummary
  /// Gets the bad rows when they are skipped, each with its record where those are kept.
  var report: (RowFault, CSVRecord?) throws -> Void = { _, _ in }
  /// Gets the first warnings as they come.
  var warn: (RowFault) -> Void = { _ in }
  /// Hears of every batch that is done, with its number and its end in the file.
  var done: (Int, ImportPlace, ImportSummary) -> Void = { _, _, _ in }

  /// - Parameters:
  ///   - number: of the first batch, from 1.
  ///   - summary: what an interrupted run came to before.
  init(
    _ daemon: DescribedDaemon, _ target: DescribedResource, _ plan: ImportPlan, _ options: Options, number: Int = 1,
    summary: ImportSummary = ImportSummary()
  ) throws {
    self.daemon = daemon
    self.plan = plan
    self.options = options
    self.number = number
    self.summary = summary
    method = try daemon.method(target, "BatchUpsert")
    guard let field = method.input.field("data") else {
      throw Failure(.internal, "\(method.input.name) has no field data: compare the daemon with its descriptors")
    }
    dataField = field
    unique = target.info.columns.filter { $0.unique || $0.name == target.info.naturalKey }.map(\.name)
    var rest = Record(method.input)
    rest["update_mask"] = .mask(plan.mask)
    rest["on_error"] = .symbol(Int32(options.skipsBadRows ? Bahari_V1_OnError.skip.rawValue : 0), nil)
    if options.dryRun { rest["dry_run"] = .bool(true) }
    self.rest = rest
  }

  /// - Parameter end: where the record ends in the file.
  mutating func add(_ record: CSVRecord, end: ImportPlace = ImportPlace()) async throws {
    if record.isBlank, plan.fields.count > 1 { return }
    let (row, faults) = plan.row(record)
    var keys: [Int] = []
    if window > 1 {
      for name in unique {
        guard let value = row[name] else { continue }
        var hasher = Hasher()
        hasher.combine(name)
        hasher.combine(value)
        keys.append(hasher.finalize())
      }
    }
    try batch.add(
      row, faults, record, as: dataField, keys: keys, end: end, keepsRecords: options.keepsRecords)
    if batch.rows.count >= options.batch || batch.byteCount >= ImportBatch.mostBytes { try await send() }
  }

  /// Sends what is left and waits for all replies.
  mutating func finish() async throws {
    if !batch.rows.isEmpty { try await send() }
    while !sent.isEmpty { try await settle() }
  }

  private var window: Int { plan.isKeyed ? options.inFlight : 1 }

  private mutating func send() async throws {
    let rows = batch.rows
    if !rows.bad.isEmpty, !options.skipsBadRows {
      while !sent.isEmpty { try await settle() }
      throw stopped(rows, rows.bad.flatMap(\.faults))
    }
    while sent.count >= window || sent.contains(where: { !$0.rows.keys.isDisjoint(with: rows.keys) }) {
      try await settle()
    }
    var call: Task<Record, any Error>?
    if !rows.lines.isEmpty {
      rest["request_id"] = .text("\(options.run)-\(number)")
      let payload = try batch.payload(with: rest)
      let (daemon, method) = (daemon, method)
      // What will pass soon is repeated by the client: the batch has a request id.
      call = Task { try await daemon.call(method, payload) }
    }
    number += 1
    sent.append(Sent(rows: rows, call: call))
    batch.removeAll()
  }

  /// Takes the reply of the oldest batch.
  private mutating func settle() async throws {
    let oldest = sent.removeFirst()
    do {
      if let reply = try await oldest.call?.value {
        summary.add(reply)
        try reportSkipped(reply, oldest.rows)
        takeWarnings(reply, oldest.rows)
      }
    } catch {
      // Those behind it are in the daemon's hands: what they come to is counted, too.
      for later in sent { if let reply = try? await later.call?.value { summary.add(reply) } }
      sent = []
      guard let error = error as? BahariError else { throw error }
      let faults = error.violations.compactMap { oldest.rows.fault(path: $0.field, cause: $0.description) }
      guard faults.isEmpty else { throw stopped(oldest.rows, faults) }
      var located = error
      located.message = "lines \(oldest.rows.first) to \(oldest.rows.end.line): \(error.message)"
      throw located
    }
    for bad in oldest.rows.bad { for fault in bad.faults { try report(fault, bad.record) } }
    summary.failed += Int64(oldest.rows.bad.count)
    done(number - sent.count, oldest.rows.end, summary)
  }

  private func reportSkipped(_ reply: Record, _ rows: BatchLines) throws {
    for error in reply.records("errors") {
      let index = Int(error.integer("index") ?? 0)
      guard rows.lines.indices.contains(index) else { continue }
      let record = rows.records.indices.contains(index) ? rows.records[index] : nil
      for violation in error.records("violations") {
        let path = violation.text("field") ?? ""
        let cause = violation.text("description") ?? "refused"
        let column = rows.fault(path: path, cause: cause)?.column ?? path
        try report(RowFault(line: rows.lines[index], column: column, cause: cause), record)
      }
    }
  }

  private mutating func takeWarnings(_ reply: Record, _ rows: BatchLines) {
    for row in reply.records("warnings") {
      let index = Int(row.integer("index") ?? 0)
      guard rows.lines.indices.contains(index) else { continue }
      for warning in row.records("warnings") {
        let told = RowFault(
          line: rows.lines[index], column: warning.text("field") ?? "", cause: warning.text("description") ?? "")
        if summary.warnings.add(told) { warn(told) }
      }
    }
  }

  private func stopped(_ rows: BatchLines, _ faults: [RowFault]) -> ImportStopped {
    ImportStopped(firstLine: rows.first, lastLine: rows.end.line, faults: faults)
  }
}
