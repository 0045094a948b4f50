import BahariClient

/// What an import came to.
struct ImportSummary: Equatable {
  var created: Int64 = 0
  var updated: Int64 = 0
  var unchanged: Int64 = 0
  var failed: Int64 = 0
  var warnings = ImportWarnings()

  var text: String { "created \(created), updated \(updated), unchanged \(unchanged), failed \(failed)" }
  var json: String {
    "{\"created\":\(created),\"updated\":\(updated),\"unchanged\":\(unchanged),\"failed\":\(failed)\(warnings.json)}"
  }
  var rows: Int64 { created + updated + unchanged + failed }
}

/// Why an import ended before the end of its file.
struct ImportStopped: Error {
  var firstLine: Int
  var lastLine: Int
  var faults: [RowFault]
}

/// Sends records as batches, one after the other: a later line wins over an earlier one, and after a
/// failure it is clear how far the import came.
struct Importer {
  let session: Session
  let plan: ImportPlan
  let batchSize: Int
  let skipsBadRows: Bool
  private let method: Method
  private let dataField: Field
  private var rest: Record
  private var batch = ImportBatch()
  private(set) var summary = ImportSummary()
  /// Gets the bad rows of a batch when they are skipped.
  var report: (RowFault) -> Void = { _ in }
  /// Gets the first warnings as they come.
  var warn: (RowFault) -> Void = { _ in }

  init(
    _ session: Session, _ target: Target, _ plan: ImportPlan, batchSize: Int, skipsBadRows: Bool, dryRun: Bool
  ) throws {
    self.session = session
    self.plan = plan
    self.batchSize = batchSize
    self.skipsBadRows = skipsBadRows
    method = try session.method(target, "BatchUpsert")
    guard let field = method.input.field("data") else {
      throw Failure(.internal, "\(method.input.name) has no field data: compare the daemon with its descriptors")
    }
    dataField = field
    var rest = Record(method.input)
    rest["update_mask"] = .mask(plan.mask)
    rest["on_error"] = .symbol(Int32(skipsBadRows ? Bahari_V1_OnError.skip.rawValue : 0), nil)
    if dryRun { rest["dry_run"] = .bool(true) }
    self.rest = rest
  }

  mutating func add(_ record: CSVRecord) async throws {
    if record.isBlank, plan.fields.count > 1 { return }
    let (row, faults) = plan.row(record)
    try batch.add(row, faults: faults, line: record.line, as: dataField)
    if batch.rowCount >= batchSize || batch.byteCount >= ImportBatch.mostBytes { try await send() }
  }

  /// Sends what is left.
  mutating func finish() async throws { if !batch.isEmpty { try await send() } }

  private mutating func send() async throws {
    defer { batch.removeAll() }
    if !batch.faults.isEmpty {
      guard skipsBadRows else { throw stopped(batch.faults) }
      batch.faults.forEach(report)
      summary.failed += Int64(batch.badRows)
    }
    guard !batch.lines.isEmpty else { return }
    let reply: Record
    do {
      rest["request_id"] = .text(RequestID.random())
      reply = try await session.call(method, try batch.payload(with: rest), isRead: false)
    } catch let error as BahariError {
      let faults = error.violations.compactMap { batch.fault(path: $0.field, cause: $0.description) }
      guard faults.isEmpty else { throw stopped(faults) }
      var located = error
      located.message = "lines \(batch.firstLine) to \(batch.lastLine): \(error.message)"
      throw located
    }
    summary.created += reply.integer("created") ?? 0
    summary.updated += reply.integer("updated") ?? 0
    summary.unchanged += reply.integer("unchanged") ?? 0
    summary.failed += reply.integer("failed") ?? 0
    reportSkipped(reply)
    takeWarnings(reply)
  }

  private func reportSkipped(_ reply: Record) {
    for error in reply.records("errors") {
      let index = Int(error.integer("index") ?? 0)
      guard batch.lines.indices.contains(index) else { continue }
      for violation in error.records("violations") {
        let path = violation.text("field") ?? ""
        let cause = violation.text("description") ?? "refused"
        let column = batch.fault(path: path, cause: cause)?.column ?? path
        report(RowFault(line: batch.lines[index], column: column, cause: cause))
      }
    }
  }

  private mutating func takeWarnings(_ reply: Record) {
    for row in reply.records("warnings") {
      let index = Int(row.integer("index") ?? 0)
      guard batch.lines.indices.contains(index) else { continue }
      for warning in row.records("warnings") {
        let told = RowFault(
          line: batch.lines[index], column: warning.text("field") ?? "", cause: warning.text("description") ?? "")
        if summary.warnings.add(told) { warn(told) }
      }
    }
  }

  private func stopped(_ faults: [RowFault]) -> ImportStopped {
    ImportStopped(firstLine: batch.firstLine, lastLine: batch.lastLine, faults: faults)
  }
}
