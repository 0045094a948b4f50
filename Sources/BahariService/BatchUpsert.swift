import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// BatchUpsert: one transaction on a connection of its own.
extension Repository {
  func batchUpsert(_ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard)
    throws(Status)
  {
    let batch = try BatchRequest(request, resource)
    let key = batch.isDryRun ? nil : try RequestKey(request, payload, call.peer)
    if !batch.skips, !batch.faults.isEmpty {
      throw .invalid(
        batch.faults.sorted { $0.key < $1.key }.flatMap(\.value), table: resource.table.name)
    }
    Task {
      do {
        answer(try await write(batch, key, call, on: shard), call, on: shard)
      } catch PostgresFailure.refused(let error) where error.constraint == RequestLog.constraint {
        repeated(key, call, on: shard)
      } catch let failure as PostgresFailure {
        fail(call, failure, .write, on: shard)
      } catch {
        // Nothing else is thrown but the refusal of the batch.
        call.fail(error as? Status ?? Status(.internalError, "the batch failed: \(type(of: error))"), on: shard)
      }
    }
  }

  /// Answers as the first of these requests was.
  private func repeated(_ key: RequestKey?, _ call: Call, on shard: isolated Shard) {
    guard let key else { return call.fail(Status(.internalError, "the batch failed"), on: shard) }
    firstReply(to: key, "BatchUpsert", call, on: shard) { rows, reply in
      guard rows != nil else { return call.fail(.requestReused(key, self.resource), on: shard) }
      self.answer(reply, call, on: shard)
    }
  }

  private func answer(_ reply: [UInt8], _ call: Call, on shard: isolated Shard) {
    writer.removeAll()
    reply.withUnsafeBytes { writer.append($0) }
    call.succeed(writer, on: shard)
  }

  /// Writes the batch and returns the reply's bytes.
  private func write(
    _ batch: BatchRequest, _ key: RequestKey?, _ call: Call, on shard: isolated Shard
  ) async throws -> [UInt8] {
    let lease = try await call.lease(from: database.transactions, on: shard)
    defer { call.release(lease, on: shard) }
    call.noteSent()
    defer { call.noteAnswer() }
    var run = BatchRun(lease, resource, batch)
    _ = try await lease.run([Transaction.begin], on: shard)
    if let key {
      // Noted first: a repetition waits here for the end of the first, and does nothing.
      var note = Parameters()
      key.add(to: &note, tail: [])
      _ = try await lease.run([Bound(RequestLog.note(resource, "BatchUpsert"), note)], on: shard)
    }
    for group in BatchGroup.groups(of: batch.rows) {
      // A caller that is gone gets no half of its batch, nor the connection for the rest of it.
      guard !call.isEnded else { throw PostgresFailure.abandoned }
      try await run.write(group, on: shard)
    }
    if !batch.skips, !run.faults.isEmpty {
      _ = try await lease.run([Transaction.rollback], on: shard)
      throw run.refusal()
    }
    guard !call.isEnded else { throw PostgresFailure.abandoned }
    let reply = self.reply(run, batch)
    if let key {
      var whole = Parameters()
      key.add(to: &whole, tail: reply)
      _ = try await lease.run([Bound(RequestLog.complete(resource, "BatchUpsert"), whole)], on: shard)
    }
    if !batch.isDryRun { call.commits() }
    _ = try await lease.run([batch.isDryRun ? Transaction.rollback : Transaction.commit], on: shard)
    return reply
  }

  private func reply(_ run: BatchRun, _ batch: BatchRequest) -> [UInt8] {
    let writer = WireWriter(capacity: 1024)
    let shape = resource.replies.batch
    shape.begin(writer)
    let created = run.created
    let updated = run.updated
    let unchanged = run.written - created - updated
    for (name, number) in [
      ("created", created), ("updated", updated), ("unchanged", unchanged), ("failed", run.faults.count),
    ] {
      writer.field(shape.number(name), varint: UInt64(number))
    }
    for (index, violations) in run.faults.sorted(by: { $0.key < $1.key }) {
      writer.field(shape.number("errors")) {
        writer.field(1, varint: UInt64(index))
        for violation in violations { writer.field(2) { violation.encode(into: writer) } }
      }
    }
    for (index, remarks) in batch.remarks.sorted(by: { $0.key < $1.key }) where run.faults[index] == nil {
      writer.field(shape.number("warnings")) {
        writer.field(1, varint: UInt64(index))
        for remark in remarks { remark.encode(2, into: writer) }
      }
    }
    return Array(writer.bytes)
  }
}

/// A batch on its way through a transaction.
struct BatchRun {
  private let lease: Lease
  private let resource: Resource
  private(set) var faults: [Int: [FieldViolation]]
  private(set) var created = 0
  private(set) var updated = 0
  /// Rows that are as the batch wants them.
  private(set) var written = 0

  init(_ lease: Lease, _ resource: Resource, _ batch: BatchRequest) {
    self.lease = lease
    self.resource = resource
    faults = batch.faults
  }

  /// Writes a group, and where PostgreSQL refuses it its halves, down to the rows at fault.
  mutating func write(_ group: BatchGroup, on shard: isolated Shard) async throws(PostgresFailure) {
    var pending = [group.canInsert(resource) ? group : try await withoutNew(group, on: shard)]
    while let part = pending.popLast() {
      guard !part.rows.isEmpty else { continue }
      guard !part.sets.isEmpty || part.canInsert(resource) else {
        written += part.rows.count
        continue
      }
      switch await attempt(part, on: shard) {
      case .success(let rows):
        let refused = try await check(rows, part, on: shard)
        if refused.isEmpty {
          _ = try await lease.run([Transaction.release], on: shard)
          count(rows, of: part)
        } else {
          _ = try await lease.run([Transaction.rollbackToSavepoint, Transaction.release], on: shard)
          pending.append(without(refused, part))
        }
      case .failure(.refused(let error)) where ["22", "23"].contains(error.sqlState.code.prefix(2)):
        // A fault of the data; anything else ends the batch.
        _ = try await lease.run([Transaction.rollbackToSavepoint, Transaction.release], on: shard)
        pending += split(part, error)
      case .failure(let failure): throw failure
      }
    }
  }

  private func attempt(_ part: BatchGroup, on shard: isolated Shard) async -> Result<Rows, PostgresFailure> {
    let statement = part.canInsert(resource) ? part.upsert(resource) : part.update(resource)
    let statements = [Transaction.savepoint] + part.locks(resource) + [Bound(statement, part.parameters(resource))]
    do throws(PostgresFailure) {
      return .success(try await lease.run(statements, on: shard)[statements.count - 1])
    } catch {
      return .failure(error)
    }
  }

  /// What the guards say of the rows that were written, by the rows' places in the part.
  private func check(
    _ written: Rows, _ part: BatchGroup, on shard: isolated Shard
  ) async throws(PostgresFailure) -> [Int: [Guard]] {
    let guards = part.guards(resource)
    guard !guards.isEmpty, written.count > 0 else { return [:] }
    let key = resource.columns.firstIndex { $0.name == resource.naturalKey.name } ?? 0
    var places: [Value.Key: Int] = [:]
    for (place, row) in part.rows.enumerated() { if let value = row.values[key] { places[value.key] = place } }
    var ids: [Value] = []
    var placesByID: [Value.Key: Int] = [:]
    for row in 0..<written.count {
      guard let id = Value(written, row, 1, resource.key.type) else { continue }
      ids.append(id)
      let natural = Value(written, row, 2, resource.naturalKey.type)
      // New rows without a key come back in the order in which they were given.
      placesByID[id.key] = natural.flatMap { places[$0.key] } ?? row
    }
    let words = try await lease.run([part.check(ids, resource)], on: shard)[0]
    var refused: [Int: [Guard]] = [:]
    for row in 0..<words.count {
      guard let id = Value(words, row, 0, resource.key.type), let place = placesByID[id.key] else { continue }
      refused[place] = guards.indices.filter { words.bool(row, $0 + 1) == false }.map { guards[$0] }
    }
    return refused
  }

  /// The part less the rows that guards refuse, which are at fault.
  private mutating func without(_ refused: [Int: [Guard]], _ part: BatchGroup) -> BatchGroup {
    for (place, guards) in refused {
      let index = part.rows[place].index
      faults[index] = guards.map { $0.violation("data[\(index)].") }
    }
    let rest = part.rows.enumerated().filter { refused[$0.offset] == nil }.map(\.element)
    return BatchGroup(present: part.present, sets: part.sets, rows: rest)
  }

  private mutating func count(_ rows: Rows, of part: BatchGroup) {
    let new = (0..<rows.count).count { rows.bool($0, 0) ?? false }
    created += new
    updated += rows.count - new
    written += part.rows.count
  }

  /// The halves of a refused group, in order; a single row is at fault itself.
  private mutating func split(_ part: BatchGroup, _ error: PostgresError) -> [BatchGroup] {
    guard part.rows.count > 1 else {
      for row in part.rows { faults[row.index] = violations(error, row.index) }
      return []
    }
    let middle = part.rows.count / 2
    let halves = [part.rows[middle...], part.rows[..<middle]]
    return halves.map { BatchGroup(present: part.present, sets: part.sets, rows: Array($0)) }
  }

  private func violations(_ error: PostgresError, _ index: Int) -> [FieldViolation] {
    let path = "data[\(index)]"
    let named = ErrorMapping.violations(error, resource, path: "\(path).")
    return named.isEmpty ? [.wrong(path, "REFUSED", "PostgreSQL refuses the row (\(error.sqlState))")] : named
  }

  /// Rows that do not exist and cannot be made are at fault; the others are left.
  private mutating func withoutNew(
    _ group: BatchGroup, on shard: isolated Shard
  ) async throws(PostgresFailure) -> BatchGroup {
    let rows = try await lease.run([group.existing(resource)], on: shard)[0]
    let places = Set((0..<rows.count).compactMap { rows.int64($0, 0) })
    var group = group
    let lacking = resource.columns.indices.filter { resource.columns[$0].isMandatory && !group.present.contains($0) }
    for (place, row) in group.rows.enumerated() where !places.contains(Int64(place + 1)) {
      let path = "data[\(row.index)]"
      faults[row.index] =
        group.onlyMatches(resource)
        ? [.wrong("\(path).\(resource.naturalKey.name)", "GIVEN_BY_SERVER", "is no row's; leave it out to add a row")]
        : lacking.map { .missing("\(path).\(resource.columns[$0].name)") }
    }
    group.rows = group.rows.enumerated().filter { places.contains(Int64($0.offset + 1)) }.map(\.element)
    return group
  }

  /// The error of a batch that wrote nothing because of its faults.
  func refusal() -> Status {
    let violations = faults.sorted { $0.key < $1.key }.flatMap(\.value)
    let references = violations.allSatisfy { $0.reason == "REFERENCE_NOT_FOUND" }
    let taken = violations.allSatisfy { $0.reason == "TAKEN" }
    var status = Status.invalid(violations, table: resource.table.name)
    if let kind = references ? ErrorClass.missingReference : taken ? .taken : nil {
      status = Status(kind, status.message, table: resource.table.name, violations: status.violations)
    }
    return status
  }
}
