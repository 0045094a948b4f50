import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// What a write of one row is, beside its statements: who waits for it, and how it is answered and repeated.
struct Write {
  let call: Call
  let method: String
  let shape: ReplyShape
  let purpose: Purpose
  let isDryRun: Bool
  /// Nil where a repetition may have a second effect.
  let key: RequestKey?
  /// What is written of the reply behind the row.
  let tail: [UInt8]
  /// What stands in front of columns' names in violations.
  let path: String

  init(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, _ method: String, _ shape: ReplyShape,
    _ purpose: Purpose, _ remarks: [Remark], path: String = "data."
  ) throws(Status) {
    self.path = path
    (self.call, self.method, self.shape, self.purpose) = (call, method, shape, purpose)
    isDryRun = request.flag(named: "dry_run")
    let key = try RequestKey(request, payload, call.peer)
    // What leaves no effect may be tried again.
    self.key = isDryRun ? nil : key
    let writer = WireWriter(capacity: 64)
    for remark in remarks { remark.encode(shape.warnings, into: writer) }
    tail = Array(writer.bytes)
  }

  /// The method's name where the request is noted.
  var loggedMethod: String? { key == nil ? nil : method }

  func note(in parameters: inout Parameters) { key?.add(to: &parameters, tail: tail) }
}

/// How writes end, whatever they were.
extension Repository {
  /// Runs statements as one transaction; a dry run's is rolled back.
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
      return database.transactions.submit(job, on: shard)
    }
    let job =
      write.purpose == .create ? Job(create: statements, answered) : Job(write: statements, answered)
    write.call.track(job)
    database.writes.submit(job, on: shard)
  }

  /// Reads something about a write.
  func read(_ bound: Bound, _ write: Write, on shard: isolated Shard, _ then: @escaping (Rows) -> Void) {
    let job = Job(read: [bound]) { answer in
      switch answer {
      case .failure(let failure): self.fail(write.call, failure, .read, on: shard)
      case .success(let rows): then(rows[0])
      }
    }
    write.call.track(job)
    database.reads.submit(job, on: shard)
  }

  /// Answers with the row that was written.
  func written(_ rows: Rows, _ write: Write, on shard: isolated Shard) {
    reply(rows, write, tail: write.tail, on: shard)
  }

  private func reply(_ rows: Rows, _ write: Write, tail: [UInt8], on shard: isolated Shard) {
    var codec = RowCodec(resource.plain)
    write.shape.begin(writer)
    writer.field(write.shape.data) { codec.encode(rows, 0, into: writer) }
    codec.encodeWarnings(write.shape, into: writer)
    for (index, hint) in resource.relatedHints.enumerated()
    where rows.bool(0, resource.plain.outputs.count + index) == false {
      hint.remark.encode(write.shape.warnings, into: writer)
    }
    tail.withUnsafeBytes { writer.append($0) }
    write.call.succeed(writer, on: shard)
  }

  private func fail(_ write: Write, _ failure: PostgresFailure, on shard: isolated Shard) {
    guard write.key != nil, case .refused(let error) = failure, error.sqlState.code.hasPrefix("23") else {
      return fail(write.call, failure, write.purpose, path: write.path, on: shard)
    }
    settle(ErrorMapping.status(failure, write.purpose, resource, path: write.path), write, on: shard)
  }

  /// Ends a write that had no effect: with the first reply if it is one's repetition, else with `status`.
  func settle(_ status: Status, _ write: Write, on shard: isolated Shard) {
    guard let key = write.key else { return write.call.fail(status, on: shard) }
    firstReply(to: key, write.method, write.call, on: shard) { rows, tail in
      guard let rows else { return write.call.fail(status, on: shard) }
      self.reply(rows, write, tail: tail, on: shard)
    }
  }

  /// Looks for the note of a request: the row that it wrote and the rest of its reply, nil where there is none. One
  /// with another payload fails the call.
  func firstReply(
    to key: RequestKey, _ method: String, _ call: Call, on shard: isolated Shard,
    _ then: @escaping (Rows?, _ tail: [UInt8]) -> Void
  ) {
    var parameters = Parameters()
    key.add(to: &parameters)
    let job = Job(read: [Bound(RequestLog.find(resource, method), parameters)]) { answer in
      switch answer {
      case .failure(let failure): self.fail(call, failure, .read, on: shard)
      case .success(let found):
        let rows = found[0]
        guard rows.count > 0 else { return then(nil, []) }
        let place = self.resource.plain.outputs.count + self.resource.relatedHints.count
        guard rows.bool(0, place) == true else { return call.fail(.requestReused(key, self.resource), on: shard) }
        then(rows, rows.bytes(0, place + 1).map(Array.init) ?? [])
      }
    }
    call.track(job)
    database.reads.submit(job, on: shard)
  }
}

extension Status {
  static func requestReused(_ key: RequestKey, _ resource: Resource) -> Status {
    Status(
      .requestReused, "request_id \(key.id.debugDescription) was used for another request; use a new one",
      table: resource.table.name, violations: [.wrong("request_id", "REUSED", "was used for another request")])
  }
}

/// The statements that make rows, by the columns given: put together once for each shape that callers use.
struct InsertStatements {
  struct Texts {
    let locks: [Statement]
    let insert: Statement
  }

  private struct Shape: Hashable {
    let given: [Int]
    let isLogged: Bool
  }

  private var known: [Shape: Texts] = [:]
  /// Shapes that are remembered; callers have few.
  private static let capacity = 64

  mutating func statements(of sql: WriteSQL) -> Texts {
    let shape = Shape(given: sql.given, isLogged: sql.loggedMethod != nil)
    if let texts = known[shape] { return texts }
    if known.count >= InsertStatements.capacity { known.removeAll() }
    let texts = Texts(locks: sql.locks.map(sql.lock), insert: sql.insert())
    known[shape] = texts
    return texts
  }
}
