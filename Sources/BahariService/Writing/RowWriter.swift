import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// Create, Update and Delete.
extension Repository {
  // MARK: Create

  func create(_ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard)
    throws(Status)
  {
    guard let row = request.message(named: "data") else {
      throw .invalid([.missing("data")], table: resource.table.name)
    }
    var input = RowInput(row, resource, path: "data")
    input.requireMandatory(resource, path: "data")
    if resource.key.live.isSerial, row.has(resource.key.field) {
      input.add(.wrong("data.id", "GIVEN_BY_SERVER", "is given by the server; leave it out"))
    }
    input.refuseDoubts()
    input.requireOrder(resource, path: "data")
    guard input.violations.isEmpty else { throw .invalid(input.violations, table: resource.table.name) }
    let write = try Write(
      call, request, payload, "Create", resource.replies.create, .create, Hints.remarks(input, resource))
    make(input, write, on: shard)
  }

  /// Makes a row of what is given, which has been checked.
  func make(_ input: RowInput, _ write: Write, on shard: isolated Shard) {
    let given = resource.columns.indices.filter { index in
      input.values[index] != nil && !Mask.managed.contains(resource.columns[index].name)
    }
    let sql = WriteSQL(resource: resource, given: given, isUpdate: false, loggedMethod: write.loggedMethod)
    var values = Parameters()
    for index in given { input.values[index]?.add(to: &values) }
    let statements = inserts.statements(of: sql)
    let before = statements.locks.map { Bound($0, values) }
    let unnoted = values
    write.note(in: &values)
    submit(before + [Bound(statements.insert, values)], write, on: shard) { rows in
      let made = rows[before.count]
      if made.count > 0 { return self.written(made, write, on: shard) }
      self.explain(sql, unnoted, write, on: shard)
    }
  }

  /// Tells which guards refused a new row.
  private func explain(_ sql: WriteSQL, _ values: Parameters, _ write: Write, on shard: isolated Shard) {
    read(Bound(sql.diagnosis(), values), write, on: shard) { words in
      self.settle(self.refusal(sql.guards, words, firstWord: 0, write.path), write, on: shard)
    }
  }

  // MARK: Update

  func update(_ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard)
    throws(Status)
  {
    guard let row = request.message(named: "data") else {
      throw .invalid([.missing("data")], table: resource.table.name)
    }
    let id = try requireID(row)
    let mask = try Mask(request.message(named: "update_mask"), resource, allowsKey: false)
    var input = RowInput(row, resource, path: "data")
    let indices = mask.columns(of: &input, resource, path: "data")
    for index in indices where input.values[index] == nil && !resource.columns[index].live.isNullable {
      let field = "data.\(resource.columns[index].name)"
      if !input.violations.contains(where: { $0.field == field }) { input.add(.missing(field)) }
    }
    guard input.violations.isEmpty else { throw .invalid(input.violations, table: resource.table.name) }
    guard !indices.isEmpty else {
      throw .invalid([.wrong("data", FieldViolation.missingReason, "sets no column; give one besides id")])
    }
    let forces = request.flag(named: "force_state")
    var remarks = Hints.remarks(input, resource)
    if forces { remarks.append(Remark(field: "force_state", description: "the state was set without its usual steps")) }
    let write = try Write(call, request, payload, "Update", resource.replies.update, .write, remarks)
    let change = RowChange(
      sql: WriteSQL(
        resource: resource, given: indices, isUpdate: true, loggedMethod: write.loggedMethod, forcesState: forces),
      id: id, key: try keyValue(id), version: request.string(named: "version"), values: input.values)
    guard !input.doubts.isEmpty else { return send(change, write, on: shard) }
    // A value that breaks a rule is refused, unless the row has had it all along.
    var key = Parameters()
    change.key.add(to: &key)
    read(Bound(SQL.get(resource.plain, by: resource.key), key), write, on: shard) { rows in
      let faults = input.doubts.filter { doubt in
        guard rows.count > 0, let new = input.values[doubt.place] else { return true }
        let column = self.resource.columns[doubt.place]
        return Value(rows, 0, doubt.place, column.type).map { !$0.isSame(as: new) } ?? true
      }
      guard rows.count > 0 else { return self.settle(self.notFound("id \(id)"), write, on: shard) }
      guard faults.isEmpty else {
        return self.settle(.invalid(faults.map(\.violation), table: self.resource.table.name), write, on: shard)
      }
      self.send(change, write, on: shard)
    }
  }

  func send(_ change: RowChange, _ write: Write, on shard: isolated Shard) {
    var values = change.parameters
    let diagnosis = Bound(change.sql.updateDiagnosis(hasVersion: change.version != nil), values)
    write.note(in: &values)
    let locks = change.sql.locks.map { Bound(change.sql.lock($0), change.columnParameters) }
    let update = Bound(change.sql.update(hasVersion: change.version != nil), values)
    submit(locks + [update, diagnosis], write, on: shard) { rows in
      let (changed, words) = (rows[locks.count], rows[locks.count + 1])
      if changed.count > 0 { return self.written(changed, write, on: shard) }
      let status =
        words.count == 0
        ? self.notFound("id \(change.id)")
        : words.bool(0, 0) != true
          ? self.versionClash(change.id) : self.refusal(change.sql.guards, words, firstWord: 1, write.path)
      self.settle(status, write, on: shard)
    }
  }

  private func requireID(_ row: Message) throws(Status) -> Int64 {
    let field = resource.key.field
    guard row.has(field) else { throw .invalid([.missing("data.id")], table: resource.table.name) }
    return field.kind == .int32 ? Int64(row.int32(field)) : row.int64(field)
  }

  private func versionClash(_ id: Int64) -> Status {
    Status(
      .versionClash, "\(resource.table.name) \(id) has been changed since; read it again", table: resource.table.name)
  }

  /// The error of a write that guards have refused; their words stand in a row.
  private func refusal(_ guards: [Guard], _ words: Rows, firstWord: Int, _ path: String) -> Status {
    let failed = guards.indices.filter { words.bool(0, firstWord + $0) != true }.map { guards[$0] }
    guard let first = failed.first else {
      return Status(.conflict, "another write was in the way; try again", table: resource.table.name)
    }
    let violations = failed.map { $0.violation(path) }
    return Status(
      first.error, "\(violations[0].field): \(first.description)", table: resource.table.name, violations: violations)
  }

  // MARK: Delete

  func delete(_ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard)
    throws(Status)
  {
    let fields = RequestFields.shared
    guard request.has(fields.deleteID) else { throw .invalid([.missing("id")], table: resource.table.name) }
    let id = request.int64(fields.deleteID)
    let write = try Write(call, request, payload, "Delete", resource.replies.delete, .delete, [])
    var key = Parameters()
    try keyValue(id).add(to: &key)
    let cascade = request.has(fields.cascade) && request.bool(fields.cascade)
    let version = request.string(fields.deleteVersion)
    var parameters = key
    if let version { parameters.add(text: version) }
    write.note(in: &parameters)
    let delete = SQL.delete(
      resource, hasVersion: version != nil, cascade: cascade, loggedMethod: write.loggedMethod)
    // The row is locked first: a row that comes to refer to it after the check would vanish unseen.
    submit([Bound(SQL.lock(resource), key), Bound(delete, parameters)], write, on: shard) { rows in
      if rows[1].count > 0 {
        self.written(rows[1], write, on: shard)
      } else if rows[0].count == 0 {
        self.settle(self.notFound("id \(id)"), write, on: shard)
      } else if let version, rows[0].string(0, 0) != version {
        self.settle(self.versionClash(id), write, on: shard)
      } else {
        self.refuseCascade(call, id, key, on: shard)
      }
    }
  }

  /// Tells how many rows of which tables the delete would take along.
  private func refuseCascade(_ call: Call, _ id: Int64, _ key: Parameters, on shard: isolated Shard) {
    let counts = resource.cascades.counts
    let job = Job(read: counts.map { Bound($0.statement, key) }) { answer in
      guard case .success(let rows) = answer else {
        if case .failure(let failure) = answer { self.fail(call, failure, .delete, on: shard) }
        return
      }
      let stakes = zip(counts, rows).compactMap { count, rows -> (String, Int64)? in
        let number = rows.int64(0, 0) ?? 0
        return number > 0 ? (count.table, number) : nil
      }
      let list = stakes.map { "\($1) of \($0)" }.joined(separator: ", ")
      var status = Status(
        .stillReferenced,
        "\(self.resource.table.name) \(id) is referred to by \(list); cascade=true deletes them along",
        table: self.resource.table.name)
      for (table, number) in stakes { status.metadata["rows.\(table)"] = String(number) }
      call.fail(status, on: shard)
    }
    call.track(job)
    database.scans.submit(job, on: shard)
  }

}

/// A change of a row on its way to PostgreSQL.
struct RowChange {
  let sql: WriteSQL
  let id: Int64
  let key: Value
  let version: String?
  let values: [Value?]

  /// The columns' values.
  var columnParameters: Parameters {
    var parameters = Parameters()
    for index in sql.given { (values[index] ?? .null).add(to: &parameters) }
    return parameters
  }

  /// The columns' values, the key, and the version when there is one.
  var parameters: Parameters {
    var parameters = columnParameters
    key.add(to: &parameters)
    if let version { parameters.add(text: version) }
    return parameters
  }
}

/// Statements that open and end transactions.
enum Transaction {
  static let begin = Bound(Statement("BEGIN"))
  static let beginSnapshot = Bound(Statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
  static let commit = Bound(Statement("COMMIT"))
  static let rollback = Bound(Statement("ROLLBACK"))
  static let savepoint = Bound(Statement("SAVEPOINT row"))
  static let release = Bound(Statement("RELEASE SAVEPOINT row"))
  static let rollbackToSavepoint = Bound(Statement("ROLLBACK TO SAVEPOINT row"))
}
