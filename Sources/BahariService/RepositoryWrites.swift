import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// Create, Update and Delete.
extension Repository {
  // MARK: Create

  func create(_ call: Call, _ request: Message, on shard: isolated Shard) throws(Status) {
    try refuseRequestID(request)
    guard let row = request.message(named: "data") else {
      throw .invalid([.missing("data")], table: resource.table.name)
    }
    var input = RowInput(row, resource, path: "data")
    input.requireMandatory(resource, path: "data")
    if resource.key.live.isSerial, row.has(resource.key.field) {
      input.add(.wrong("data.id", "GIVEN_BY_SERVER", "is given by the server; leave it out"))
    }
    guard input.violations.isEmpty else { throw .invalid(input.violations, table: resource.table.name) }
    let given = resource.columns.indices.filter { index in
      input.values[index] != nil && !Mask.managed.contains(resource.columns[index].name)
    }
    var parameters = Parameters()
    for index in given { input.values[index]?.add(to: &parameters) }
    let statement = SQL.insert(resource, given.map { resource.columns[$0] })
    submit([Bound(statement, parameters)], call, request, .create, on: shard) { rows in
      self.replyRow(call, rows[0], 0, self.resource.plain, nil, self.resource.replies.create, on: shard)
    }
  }

  // MARK: Update

  func update(_ call: Call, _ request: Message, on shard: isolated Shard) throws(Status) {
    try refuseRequestID(request)
    guard let row = request.message(named: "data") else {
      throw .invalid([.missing("data")], table: resource.table.name)
    }
    if request.flag(named: "force_state") {
      throw .malformed("is not served by this version; leave it out", field: "force_state", reason: "NOT_SERVED")
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
    var parameters = Parameters()
    for index in indices { (input.values[index] ?? .null).add(to: &parameters) }
    var key = Parameters()
    let keyValue = try keyValue(id)
    keyValue.add(to: &key)
    keyValue.add(to: &parameters)
    let version = request.string(named: "version")
    if let version { parameters.add(text: version) }
    let statement = SQL.update(resource, indices.map { resource.columns[$0] }, hasVersion: version != nil)
    let statements = [Bound(statement, parameters), Bound(SQL.exists(resource), key)]
    submit(statements, call, request, .write, on: shard) { rows in
      if rows[0].count > 0 {
        self.replyRow(call, rows[0], 0, self.resource.plain, nil, self.resource.replies.update, on: shard)
      } else {
        call.fail(rows[1].count > 0 ? self.versionClash(id) : self.notFound("id \(id)"), on: shard)
      }
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

  // MARK: Delete

  func delete(_ call: Call, _ request: Message, on shard: isolated Shard) throws(Status) {
    try refuseRequestID(request)
    let fields = RequestFields.shared
    guard request.has(fields.deleteID) else { throw .invalid([.missing("id")], table: resource.table.name) }
    let id = request.int64(fields.deleteID)
    var key = Parameters()
    try keyValue(id).add(to: &key)
    let cascade = request.has(fields.cascade) && request.bool(fields.cascade)
    let version = request.string(fields.deleteVersion)
    var parameters = key
    if let version { parameters.add(text: version) }
    // The row is locked first: a row that comes to refer to it after the check would vanish unseen.
    let statements = [
      Bound(SQL.lock(resource), key),
      Bound(SQL.delete(resource, hasVersion: version != nil, cascade: cascade), parameters),
    ]
    submit(statements, call, request, .delete, on: shard) { rows in
      if rows[1].count > 0 {
        self.replyRow(call, rows[1], 0, self.resource.plain, nil, self.resource.replies.delete, on: shard)
      } else if rows[0].count == 0 {
        call.fail(self.notFound("id \(id)"), on: shard)
      } else if let version, rows[0].string(0, 0) != version {
        call.fail(self.versionClash(id), on: shard)
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

  // MARK: Shared

  func refuseRequestID(_ request: Message) throws(Status) {
    guard let field = request.descriptor.field("request_id"), request.has(field) else { return }
    throw .malformed("is not served by this version; leave it out", field: "request_id", reason: "NOT_SERVED")
  }

  /// Runs statements as one transaction; a dry run's is rolled back.
  private func submit(
    _ statements: [Bound], _ call: Call, _ request: Message, _ purpose: Purpose, on shard: isolated Shard,
    _ then: @escaping ([Rows]) -> Void
  ) {
    let isDryRun = request.flag(named: "dry_run")
    let answered = { (answer: Job.Answer) in
      switch answer {
      case .failure(let failure): self.fail(call, failure, purpose, on: shard)
      case .success(let rows): then(isDryRun ? Array(rows.dropFirst().dropLast()) : rows)
      }
    }
    let job: Job
    if isDryRun {
      job = Job(write: [Transaction.begin] + statements + [Transaction.rollback], answered)
    } else if purpose == .create, statements.count == 1 {
      job = Job(create: statements[0], answered)
    } else {
      job = Job(write: statements, answered)
    }
    call.track(job)
    if isDryRun { database.transactions.submit(job, on: shard) } else { database.writes.submit(job, on: shard) }
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
