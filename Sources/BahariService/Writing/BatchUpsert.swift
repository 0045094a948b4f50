import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// The method BatchUpsert: writes many rows in one transaction, on an exclusive connection.
final class BatchUpsert: MethodRunner {
  private let table: TableContext
  private let method: WriteMethod
  private let fields: BatchFields
  private let reply: BatchReply

  init(_ method: BoundMethod, _ table: TableContext) {
    self.table = table
    self.method = WriteMethod(method)
    fields = BatchFields(method.input)
    reply = BatchReply(method.reply)
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let batch = try BatchRequest(request, fields, table.resource)
    let key = try method.key(request, payload, call)
    let isDryRun = method.isDryRun(request)
    if !batch.skips, !batch.faults.isEmpty {
      throw table.invalid(batch.faults.sorted { $0.key < $1.key }.flatMap(\.value))
    }
    Task {
      do {
        let reply = try await write(batch, key, isDryRun: isDryRun, call, on: shard)
        table.replies.send(reply, to: call, on: shard)
      } catch PostgresFailure.refused(let error) where error.constraint == RequestLog.constraint {
        repeatReply(key, call, on: shard)
      } catch let failure as PostgresFailure {
        table.fail(call, failure, .changes, on: shard)
      } catch {
        // The only other error is the `Status` with which the batch is refused.
        call.fail(error as? Status ?? Status(.internalError, "the batch failed: \(type(of: error))"), on: shard)
      }
    }
  }

  /// Sends the reply that the first request with this request id received.
  private func repeatReply(_ key: RequestKey?, _ call: Call, on shard: isolated Shard) {
    guard let key else { return call.fail(Status(.internalError, "the batch failed"), on: shard) }
    table.findFirstReply(key, method.bound, call, on: shard) { rows, reply in
      guard rows != nil else { return call.fail(.requestReused(key, self.table.resource), on: shard) }
      self.table.replies.send(reply, to: call, on: shard)
    }
  }

  /// Writes the batch and returns the reply's bytes.
  private func write(
    _ batch: BatchRequest, _ key: RequestKey?, isDryRun: Bool, _ call: Call, on shard: isolated Shard
  ) async throws -> [UInt8] {
    let lease = try await call.lease(from: table.database.transactions, on: shard)
    defer { call.release(lease, on: shard) }
    call.noteSent()
    defer { call.noteAnswer() }
    var run = BatchRun(lease, table, batch)
    _ = try await lease.run([Transaction.begin], on: shard)
    // The request is logged before its rows are written, so that a repetition waits here until the first request ends.
    // If that was committed, the repetition writes nothing.
    if let key { try await log(.add, key, [], lease, on: shard) }
    for group in BatchGroup.groups(of: batch.rows) {
      // If the caller is gone, the batch ends here: its transaction is rolled back, and the connection is released
      // early.
      guard !call.isEnded else { throw PostgresFailure.abandoned }
      try await run.write(group, on: shard)
    }
    if !batch.skips, !run.faults.isEmpty {
      _ = try await lease.run([Transaction.rollback], on: shard)
      throw run.refusal()
    }
    guard !call.isEnded else { throw PostgresFailure.abandoned }
    let bytes = reply.bytes(run, batch)
    if let key { try await log(.complete, key, bytes, lease, on: shard) }
    if !isDryRun { call.commits() }
    _ = try await lease.run([isDryRun ? Transaction.rollback : Transaction.commit], on: shard)
    return bytes
  }

  private func log(
    _ action: RequestLogShape.Action, _ key: RequestKey, _ reply: [UInt8], _ lease: Lease, on shard: isolated Shard
  ) async throws(PostgresFailure) {
    var parameters = Parameters()
    key.add(to: &parameters, tail: reply)
    let shape = RequestLogShape(action: action, method: method.bound.name)
    _ = try await lease.run([table.bound(.requestLog(shape), parameters)], on: shard)
  }
}

extension Method {
  static let batchUpsert = Method(
    name: "BatchUpsert", effect: .changes, deadline: .batch, sentence: "Data {} berhasil disimpan"
  ) { BatchUpsert($0, $1) }
}

/// Encodes the message bahari.v1.BatchReply.
private struct BatchReply {
  private let shape: ReplyShape
  private let created, updated, unchanged, failed, errors: UInt32
  private let errorIndex, violations, warningIndex, warnings: UInt32

  init(_ shape: ReplyShape) {
    self.shape = shape
    (created, updated, unchanged) = (shape.number("created"), shape.number("updated"), shape.number("unchanged"))
    (failed, errors) = (shape.number("failed"), shape.number("errors"))
    let (error, warning) = (shape.within("errors"), shape.within("warnings"))
    (errorIndex, violations) = (error["index"], error["violations"])
    (warningIndex, warnings) = (warning["index"], warning["warnings"])
  }

  func bytes(_ run: BatchRun, _ batch: BatchRequest) -> [UInt8] {
    let writer = WireWriter(capacity: 1024)
    shape.begin(writer)
    let same = run.written - run.created - run.updated
    for (number, count) in [
      (created, run.created), (updated, run.updated), (unchanged, same), (failed, run.faults.count),
    ] {
      writer.field(number, varint: UInt64(count))
    }
    for (index, list) in run.faults.sorted(by: { $0.key < $1.key }) {
      writer.field(errors) {
        writer.field(errorIndex, varint: UInt64(index))
        for violation in list { writer.field(violations) { violation.encode(into: writer) } }
      }
    }
    for (index, remarks) in batch.remarks.sorted(by: { $0.key < $1.key }) where run.faults[index] == nil {
      writer.field(shape.warnings) {
        writer.field(warningIndex, varint: UInt64(index))
        for remark in remarks { remark.encode(warnings, into: writer) }
      }
    }
    return Array(writer.bytes)
  }
}
