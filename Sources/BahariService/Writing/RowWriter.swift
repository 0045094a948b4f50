import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// Sends the statements that write one row, for all methods that do so, and answers their calls.
final class RowWriter {
  private let table: TableContext
  private var resource: Resource { table.resource }

  init(_ table: TableContext) { self.table = table }

  // MARK: Insert

  /// Inserts a row with the values of `input`, which has been checked.
  func insert(_ input: RowInput, _ write: Write, on shard: isolated Shard) {
    let given = resource.columns.indices.filter { index in
      input.values[index] != nil && !Mask.managed.contains(resource.columns[index].name)
    }
    let shape = WriteShape(kind: .insert, given: given, loggedMethod: write.loggedMethod)
    var values = Parameters()
    for index in given { input.values[index]?.add(to: &values) }
    let statements = table.statements(.write(shape))
    let locks = statements.dropLast().map { Bound($0, values) }
    let columns = values
    write.addLogEntry(to: &values)
    submit(locks + [Bound(statements[locks.count], values)], write, on: shard) { rows in
      let made = rows[locks.count]
      if made.count > 0 { return self.succeed(made, write, on: shard) }
      // A guard refused the row; another statement finds out which guard it was.
      self.unlessRepeated(write, on: shard) {
        self.table.read(self.table.bound(.refusal(shape), columns), write.call, on: shard) { conditions in
          write.call.fail(self.refusal(shape, conditions, first: 0, write.path), on: shard)
        }
      }
    }
  }

  // MARK: Update

  /// Updates a row.
  func update(_ change: RowChange, _ write: Write, on shard: isolated Shard) {
    let statements = table.statements(.write(change.shape))
    let lockCount = statements.count - 2
    let keyed = change.parameters
    var logged = keyed
    write.addLogEntry(to: &logged)
    var bound = statements.prefix(lockCount).map { Bound($0, keyed) }
    bound.append(Bound(statements[lockCount], logged))
    bound.append(Bound(statements[lockCount + 1], keyed))
    submit(bound, write, on: shard) { rows in
      let (changed, conditions) = (rows[lockCount], rows[lockCount + 1])
      if changed.count > 0 { return self.succeed(changed, write, on: shard) }
      let status =
        conditions.count == 0
        ? self.table.notFound("id \(change.id)")
        : conditions.bool(0, 0) != true
          ? self.versionClash(change.id) : self.refusal(change.shape, conditions, first: 1, write.path)
      self.end(write, with: status, on: shard)
    }
  }

  func versionClash(_ id: Int64) -> Status {
    Status(
      .versionClash, "\(resource.table.name) \(id) has been changed since; read it again", table: resource.table.name)
  }

  /// The error of a write that guards have refused. The only row of `conditions` tells which guards pass, from column
  /// `first` on.
  private func refusal(_ shape: WriteShape, _ conditions: Rows, first: Int, _ path: String) -> Status {
    let guards = WriteSQL(resource, shape).guards
    let failed = guards.indices.filter { conditions.bool(0, first + $0) != true }.map { guards[$0] }
    guard let worst = failed.first else {
      return Status(.conflict, "another write was in the way; try again", table: resource.table.name)
    }
    let violations = failed.map { $0.violation(path) }
    return Status(
      worst.error, "\(violations[0].field): \(worst.description)", table: resource.table.name, violations: violations)
  }

  // MARK: Any write

  /// Runs statements as one transaction, which is rolled back if the write is a dry run. `then` is called with their
  /// rows once the transaction has ended without an error.
  func submit(
    _ statements: [Bound], _ write: Write, on shard: isolated Shard, _ then: @escaping ([Rows]) -> Void
  ) {
    let answered = { (answer: Job.Answer) in
      switch answer {
      case .failure(let failure): self.fail(write, failure, on: shard)
      case .success(let rows): then(write.isDryRun ? Array(rows.dropFirst().dropLast()) : rows)
      }
    }
    guard !write.isDryRun else {
      let job = Job(write: [Transaction.begin] + statements + [Transaction.rollback], answered)
      write.call.track(job)
      return table.database.transactions.submit(job, on: shard)
    }
    let job = write.method.effect == .creates ? Job(create: statements, answered) : Job(write: statements, answered)
    write.call.track(job)
    table.database.writes.submit(job, on: shard)
  }

  /// Answers the call of a write that was applied, or would have been if it were no dry run, with the written row.
  func succeed(_ rows: Rows, _ write: Write, on shard: isolated Shard) {
    // Should the reply be too large to send, the call reports that the write was applied.
    if !write.isDryRun { write.call.written = .applied }
    answer(rows, write, tail: write.tail, on: shard)
  }

  /// Answers the call with the written row. `tail` holds the bytes of the reply that follow the row.
  private func answer(_ rows: Rows, _ write: Write, tail: [UInt8], on shard: isolated Shard) {
    let (resource, shape) = (resource, write.method.reply)
    table.replies.send(shape, to: write.call, on: shard) { writer in
      var codec = RowCodec(resource.plain)
      writer.field(shape.data) { codec.encode(rows, 0, into: writer) }
      codec.encodeWarnings(shape, into: writer)
      for (index, hint) in resource.relatedHints.enumerated()
      where rows.bool(0, resource.plain.outputs.count + index) == false {
        hint.remark.encode(shape.warnings, into: writer)
      }
      tail.withUnsafeBytes { writer.append($0) }
    }
  }

  private func fail(_ write: Write, _ failure: PostgresFailure, on shard: isolated Shard) {
    if case .lost = failure, !write.isDryRun { write.call.written = .unknown }
    guard write.key != nil, case .refused(let error) = failure, error.sqlState.code.hasPrefix("23") else {
      return table.fail(write.call, failure, write.method.effect, path: write.path, on: shard)
    }
    // The violated constraint may be due to an earlier request with the same id: to the row that it inserted, or to its
    // log entry.
    end(write, with: ErrorMapping.status(failure, write.method.effect, resource, path: write.path), on: shard)
  }

  /// Ends a write that had no effect: sends the first reply if the write repeats an earlier request, and else fails
  /// with `status`.
  func end(_ write: Write, with status: Status, on shard: isolated Shard) {
    unlessRepeated(write, on: shard) { write.call.fail(status, on: shard) }
  }

  /// Sends the first reply if the write, which had no effect, repeats an earlier request; else calls `body`. Every
  /// refusal of a request with a request id has to come after this: what refuses it may be the effect of the earlier
  /// request.
  func unlessRepeated(_ write: Write, on shard: isolated Shard, _ body: @escaping () -> Void) {
    guard let key = write.key else { return body() }
    table.findFirstReply(key, write.method, write.call, on: shard) { rows, tail in
      guard let rows else { return body() }
      self.answer(rows, write, tail: tail, on: shard)
    }
  }
}

extension TableContext {
  /// Looks for a request's entry in the request log, and calls `then` with the row that the request wrote and the other
  /// bytes of its reply, or with nil if there is no entry. Fails the call if the entry has another payload.
  func findFirstReply(
    _ key: RequestKey, _ method: BoundMethod, _ call: Call, on shard: isolated Shard,
    _ then: @escaping (Rows?, _ tail: [UInt8]) -> Void
  ) {
    var parameters = Parameters()
    key.add(to: &parameters)
    let find = RequestLogShape(action: .find, method: method.name)
    // Until the entry is read, nobody knows whether an earlier request with this id was applied.
    call.written = .unknown
    read(bound(.requestLog(find), parameters), call, on: shard) { rows in
      call.written = .notApplied
      guard rows.count > 0 else { return then(nil, []) }
      let place = self.resource.plain.outputs.count + self.resource.relatedHints.count
      guard rows.bool(0, place) == true else { return call.fail(.requestReused(key, self.resource), on: shard) }
      call.written = .applied
      guard rows.bool(0, place + 2) == true else { return call.fail(.replyForgotten(key, self.resource), on: shard) }
      then(rows, rows.bytes(0, place + 1).map(Array.init) ?? [])
    }
  }
}
