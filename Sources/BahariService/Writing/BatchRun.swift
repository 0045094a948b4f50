import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// Writes the rows of a batch inside a transaction, group by group.
struct BatchRun {
  private let lease: Lease
  private let table: TableContext
  private var resource: Resource { table.resource }
  /// Violations, by the row's index in the request.
  private(set) var faults: [Int: [FieldViolation]]
  private(set) var created = 0
  private(set) var updated = 0
  /// How many rows have the values of the batch now, including those that had them before.
  private(set) var written = 0

  init(_ lease: Lease, _ table: TableContext, _ batch: BatchRequest) {
    self.lease = lease
    self.table = table
    faults = batch.faults
  }

  /// Locks the existing rows of the batch in the order of their keys, unless the batch is a single statement that writes
  /// its rows in this order and takes no other locks. Every write takes the locks of rows before those of guards.
  func lock(_ groups: [BatchGroup], on shard: isolated Shard) async throws(PostgresFailure) {
    let keyed = groups.filter { $0.hasKeys(resource) }
    guard let first = keyed.first else { return }
    let isOrdered =
      groups.count == 1 && first.canInsert(resource) && table.statements(.batch(first.shape(.lock))).isEmpty
    guard !isOrdered else { return }
    var all = first
    all.rows = keyed.flatMap(\.rows)
    let shape = BatchShape(action: .lockRows, present: [], sets: [])
    _ = try await lease.run([table.bound(.batch(shape), all.keys(resource))], on: shard)
  }

  /// Writes a group. If PostgreSQL refuses the group, its halves are written separately, down to the single rows at
  /// fault.
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
        // PostgreSQL refused a row's data (SQLSTATE class 22 or 23). Any other failure ends the batch.
        _ = try await lease.run([Transaction.rollbackToSavepoint, Transaction.release], on: shard)
        pending += split(part, error)
      case .failure(let failure): throw failure
      }
    }
  }

  private func attempt(_ part: BatchGroup, on shard: isolated Shard) async -> Result<Rows, PostgresFailure> {
    let action = part.canInsert(resource) ? BatchShape.Action.upsert : .update
    let parameters = part.parameters(resource)
    let write = table.statements(.batch(part.shape(.lock))) + table.statements(.batch(part.shape(action)))
    let statements = [Transaction.savepoint] + write.map { Bound($0, parameters) }
    do throws(PostgresFailure) {
      return .success(try await lease.run(statements, on: shard)[statements.count - 1])
    } catch {
      return .failure(error)
    }
  }

  /// Checks the written rows, and returns the guards that refuse a row, by the row's index in `part`.
  private func check(
    _ written: Rows, _ part: BatchGroup, on shard: isolated Shard
  ) async throws(PostgresFailure) -> [Int: [Guard]] {
    let guards = BatchSQL(resource, part.shape(.check)).guards
    guard !guards.isEmpty, written.count > 0 else { return [:] }
    let key = resource.naturalKeyPlace
    var places: [Value.Key: Int] = [:]
    for (place, row) in part.rows.enumerated() { if let value = row.values[key] { places[value.key] = place } }
    var ids = ArrayParameter(of: resource.key.type)
    var placesByID: [Value.Key: Int] = [:]
    for row in 0..<written.count {
      guard let id = Value(written, row, 1, resource.key.type) else { continue }
      id.append(to: &ids)
      let natural = Value(written, row, 2, resource.naturalKey.type)
      // PostgreSQL returns new rows without a key in the order in which they were given, so `row` is the index in
      // `part`.
      placesByID[id.key] = natural.flatMap { places[$0.key] } ?? row
    }
    var parameters = Parameters()
    parameters.add(ids)
    let check = table.bound(.batch(part.shape(.check)), parameters)
    let conditions = try await lease.run([check], on: shard)[0]
    var refused: [Int: [Guard]] = [:]
    for row in 0..<conditions.count {
      guard let id = Value(conditions, row, 0, resource.key.type), let place = placesByID[id.key] else { continue }
      refused[place] = guards.indices.filter { conditions.bool(row, $0 + 1) == false }.map { guards[$0] }
    }
    return refused
  }

  /// Returns `part` without the rows that guards refuse, and records violations for those rows.
  private mutating func without(_ refused: [Int: [Guard]], _ part: BatchGroup) -> BatchGroup {
    for (place, guards) in refused {
      let index = part.rows[place].index
      faults[index] = guards.map { $0.violation("data[\(index)].") }
    }
    return part.with(part.rows.enumerated().filter { refused[$0.offset] == nil }.map(\.element))
  }

  private mutating func count(_ rows: Rows, of part: BatchGroup) {
    let new = (0..<rows.count).count { rows.bool($0, 0) ?? false }
    created += new
    updated += rows.count - new
    written += part.rows.count
  }

  /// Returns the halves of a refused group, the second half first, since the last group returned is written next. A
  /// single row is not split: it is at fault, and its violations are recorded.
  private mutating func split(_ part: BatchGroup, _ error: PostgresError) -> [BatchGroup] {
    guard part.rows.count > 1 else {
      for row in part.rows { faults[row.index] = violations(error, row.index) }
      return []
    }
    let middle = part.rows.count / 2
    return [part.with(part.rows[middle...]), part.with(part.rows[..<middle])]
  }

  private func violations(_ error: PostgresError, _ index: Int) -> [FieldViolation] {
    let path = "data[\(index)]"
    let named = ErrorMapping.violations(error, resource, path: "\(path).")
    return named.isEmpty ? [.wrong(path, "REFUSED", "PostgreSQL refuses the row (\(error.sqlState))")] : named
  }

  /// Returns `group` without the rows that neither exist nor can be inserted, and records violations for those rows.
  private mutating func withoutNew(
    _ group: BatchGroup, on shard: isolated Shard
  ) async throws(PostgresFailure) -> BatchGroup {
    let shape = BatchShape(action: .existing, present: [], sets: [])
    let existing = table.bound(.batch(shape), group.keys(resource))
    let rows = try await lease.run([existing], on: shard)[0]
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

  /// The error of a batch that wrote nothing, because some of its rows are at fault.
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
