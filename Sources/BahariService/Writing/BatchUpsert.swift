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
    call.isDryRun = isDryRun
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

  /// Writes the batch and returns the reply's bytes. If PostgreSQL rolls the transaction back because of a deadlock or a
  /// serialization failure, it is repeated until the call ends, after pauses that grow.
  private func write(
    _ batch: BatchRequest, _ key: RequestKey?, isDryRun: Bool, _ call: Call, on shard: isolated Shard
  ) async throws -> [UInt8] {
    let lease = try await call.lease(from: table.database.transactions, on: shard)
    defer { call.release(lease, on: shard) }
    call.noteSent()
    defer { call.noteAnswer() }
    var pauses = Backoff(seed: Shard.now)
    while true {
      do {
        return try await attempt(batch, key, isDryRun: isDryRun, lease, call, on: shard)
      } catch PostgresFailure.refused(let error) where error.sqlState.lostAgainstAnother && !call.isEnded {
        call.track(lease)
        _ = try await lease.run([Transaction.rollback], on: shard)
        await shard.pause(nanoseconds: pauses.next())
        guard !call.isEnded else { throw PostgresFailure.abandoned }
      }
    }
  }

  /// Runs the batch's transaction once.
  private func attempt(
    _ batch: BatchRequest, _ key: RequestKey?, isDryRun: Bool, _ lease: Lease, _ call: Call, on shard: isolated Shard
  ) async throws -> [UInt8] {
    var run = BatchRun(lease, table, batch)
    _ = try await lease.run([Transaction.begin], on: shard)
    // The request is logged before its rows are written, so that a repetition waits here until the first request ends.
    // If that was committed, the repetition writes nothing.
    if let key { try await log(key, lease, on: shard) }
    let groups = BatchGroup.groups(of: batch.rows, table.resource)
    try await run.lock(groups, on: shard)
    for group in groups {
      // If the caller is gone, the batch ends here: its transaction is rolled back, and the connection is released
      // early.
      guard !call.isEnded else { throw PostgresFailure.abandoned }
      try await run.write(group, on: shard)
    }
    if !batch.skips, !run.faults.isEmpty {
      _ = try await lease.run([Transaction.rollback], on: shard)
      throw run.refusal()
    }
    let bytes = reply.bytes(run, batch)
    if let key { try await complete(key, bytes, lease, on: shard) }
    guard !isDryRun else {
      _ = try await lease.run([Transaction.rollback], on: shard)
      return bytes
    }
    // Nothing may suspend this function between this check and COMMIT: a call that has ended says `not_applied`.
    guard !call.isEnded else { throw PostgresFailure.abandoned }
    call.commits()
    do {
      try await lease.commit(on: shard)
    } catch {
      // Only an answer of PostgreSQL tells that nothing was committed.
      if case .refused = error { call.written = .notApplied }
      throw error
    }
    call.written = .applied
    return bytes
  }

  /// Adds the request's log entry.
  private func log(_ key: RequestKey, _ lease: Lease, on shard: isolated Shard) async throws(PostgresFailure) {
    var parameters = Parameters()
    key.add(to: &parameters, tail: [])
    let shape = RequestLogShape(action: .add, method: method.bound.name)
    _ = try await lease.run([table.bound(.requestLog(shape), parameters)], on: shard)
  }

  /// Stores the reply in the request's log entry.
  private func complete(
    _ key: RequestKey, _ reply: [UInt8], _ lease: Lease, on shard: isolated Shard
  ) async throws(PostgresFailure) {
    var parameters = Parameters()
    key.addName(to: &parameters)
    reply.withUnsafeBytes { parameters.add(binary: $0) }
    let shape = RequestLogShape(action: .complete, method: method.bound.name)
    _ = try await lease.run([table.bound(.requestLog(shape), parameters)], on: shard)
  }
}

extension Method {
  static let batchUpsert = Method(
    name: "BatchUpsert", effect: .changes, deadline: .batch, sentence: "Data {} berhasil disimpan"
  ) { BatchUpsert($0, $1) }
}
