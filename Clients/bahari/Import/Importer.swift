import BahariClient

/// Sends records as batches and handles the replies in the order of the file.
///
/// If the file has the natural key, several batches may be in flight, but only if they share no unique value, so that
/// two lines for the same row are written in the order of the file. Without the key each batch waits for the previous
/// one, so that the rows written are always the first ones of the file.
struct Importer {
  struct Options {
    var batch = 1_000
    var skipsBadRows = false
    var dryRun = false
    /// The most batches in flight if the file has the natural key; otherwise one.
    var inFlight = 1
    /// The name of the run; the request id of a batch consists of this name and the number of the batch.
    var run = RequestID.random()
    var keepsRecords = false
  }

  private struct Sent {
    var rows: BatchLines
    /// The call that sends the batch; nil if all its records have errors.
    var call: Task<Record, any Error>?
  }

  let plan: ImportPlan
  private let daemon: DescribedDaemon
  private let options: Options
  private let method: Method
  private let dataField: Field
  /// Columns whose values no two batches in flight may share.
  private let unique: [String]
  private var rest: Record
  private var batch = ImportBatch()
  private var sent: [Sent] = []
  /// The number of the next batch to send.
  private var number: Int
  private(set) var summary: ImportSummary
  /// Called with each error of a row that is skipped, and with the row's CSV record if `keepsRecords`.
  var report: (RowFault, CSVRecord?) throws -> Void = { _, _ in }
  /// Called with each warning that is to be shown: the first ones of the import.
  var warn: (RowFault) -> Void = { _ in }
  /// Called after each batch with the number of the next batch, the end of this batch in the file, and the counts.
  var done: (Int, ImportPlace, ImportSummary) -> Void = { _, _, _ in }

  /// - Parameters:
  ///   - number: the number of the first batch to send; 1 for a new import.
  ///   - summary: the counts of the interrupted import that is continued.
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

  /// Sends the rows that are not sent yet, and waits for all replies.
  mutating func finish() async throws {
    if !batch.rows.isEmpty { try await send() }
    while !sent.isEmpty { try await handleOldestReply() }
  }

  private var window: Int { plan.isKeyed ? options.inFlight : 1 }

  private mutating func send() async throws {
    let rows = batch.rows
    if !rows.bad.isEmpty, !options.skipsBadRows {
      while !sent.isEmpty { try await handleOldestReply() }
      throw stopped(rows, rows.bad.flatMap(\.faults))
    }
    while sent.count >= window || sent.contains(where: { !$0.rows.keys.isDisjoint(with: rows.keys) }) {
      try await handleOldestReply()
    }
    var call: Task<Record, any Error>?
    if !rows.lines.isEmpty {
      rest["request_id"] = .text("\(options.run)-\(number)")
      let payload = try batch.payload(with: rest)
      let (daemon, method) = (daemon, method)
      // The client repeats the call after transient errors, which the request id makes safe.
      call = Task { try await daemon.call(method, payload) }
    }
    number += 1
    sent.append(Sent(rows: rows, call: call))
    batch.removeAll()
  }

  /// Waits for the reply of the oldest batch in flight and counts its rows.
  private mutating func handleOldestReply() async throws {
    let oldest = sent.removeFirst()
    do {
      if let reply = try await oldest.call?.value {
        summary.add(reply)
        try reportSkipped(reply, oldest.rows)
        addWarnings(reply, oldest.rows)
      }
    } catch {
      // The batches after the failed one are already sent, so the rows that they write are counted, too.
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
    for index in reply.integers("more_failed").map(Int.init) where rows.lines.indices.contains(index) {
      let cause = "refused; import this row again with fewer bad rows to see why"
      let record = rows.records.indices.contains(index) ? rows.records[index] : nil
      try report(RowFault(line: rows.lines[index], column: "", cause: cause), record)
    }
  }

  private mutating func addWarnings(_ reply: Record, _ rows: BatchLines) {
    for row in reply.records("warnings") {
      let index = Int(row.integer("index") ?? 0)
      guard rows.lines.indices.contains(index) else { continue }
      for warning in row.records("warnings") {
        let fault = RowFault(
          line: rows.lines[index], column: warning.text("field") ?? "", cause: warning.text("description") ?? "")
        if summary.warnings.add(fault) { warn(fault) }
      }
    }
  }

  private func stopped(_ rows: BatchLines, _ faults: [RowFault]) -> ImportStopped {
    ImportStopped(firstLine: rows.first, lastLine: rows.end.line, faults: faults)
  }
}
