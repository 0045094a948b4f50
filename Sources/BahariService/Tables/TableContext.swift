import BahariFrame
import BahariPostgres
import BahariShard

/// One table on one shard: the objects that the runners of all the table's methods share.
final class TableContext {
  let resource: Resource
  let database: Database
  let replies: ReplyBuffer
  private let faults: SchemaFaults
  /// Writes to the daemon's log. PostgreSQL's own error text is written only there, because callers must not see it.
  private let log: @Sendable (String) -> Void
  private var memo: StatementMemo

  init(
    _ resource: Resource, _ database: Database, _ replies: ReplyBuffer, _ faults: SchemaFaults,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.resource = resource
    self.database = database
    self.replies = replies
    self.faults = faults
    self.log = log
    memo = StatementMemo(resource)
  }

  // MARK: Statements

  /// The statements of `shape`, in the order in which they are sent.
  func statements(_ shape: StatementShape) -> [Statement] { memo.statements(shape) }

  /// The statement of a shape that has only one, together with its parameters.
  func bound(_ shape: StatementShape, _ parameters: Parameters) -> Bound {
    Bound(memo.statements(shape)[0], parameters)
  }

  /// Runs one statement for `call` on the lane of point reads and passes the rows to `then`, unless the call has ended
  /// meanwhile. If the statement fails, the call fails, too.
  func read(_ bound: Bound, _ call: Call, on shard: isolated Shard, _ then: @escaping (Rows) -> Void) {
    let job = Job(read: [bound]) { answer in
      switch answer {
      case .failure(let failure): self.fail(call, failure, .reads, on: shard)
      case .success(let rows): if !call.isEnded { then(rows[0]) }
      }
    }
    call.track(job)
    database.reads.submit(job, on: shard)
  }

  // MARK: Errors

  /// An id as a value of the key column. Throws NOT_FOUND if the column's type cannot hold the id: no row can have it.
  func key(_ id: Int64) throws(Status) -> Value {
    guard let key = resource.key.value(ofID: id) else { throw notFound("id \(id)") }
    return key
  }

  func notFound(_ subject: String) -> Status {
    Status(.notFound, "\(resource.table.name) has no row with \(subject)", table: resource.table.name)
  }

  func invalid(_ violations: [FieldViolation]) -> Status { .invalid(violations, table: resource.table.name) }

  /// Fails `call` with the error that callers may see, and logs details that only operators may see. `path` is put
  /// before the names of columns in violations.
  func fail(
    _ call: Call, _ failure: PostgresFailure, _ effect: Effect, path: String = "data.", on shard: isolated Shard
  ) {
    if case .refused(let error) = failure, ErrorMapping.errorClass(error.sqlState, effect) == .internalError {
      // Messages of SQLSTATE class 42 name tables and columns. Others may quote values, which must not be logged.
      let detail = error.sqlState.code.hasPrefix("42") ? " \(error.message)" : ""
      log("\(resource.table.name): \(error.sqlState)\(detail)")
      faults.note(error, resource, on: shard)
    }
    call.fail(ErrorMapping.status(failure, effect, resource, path: path), on: shard)
  }

  // MARK: Replies

  /// Answers `call` with the row at index `row` of `rows`.
  func reply(
    _ call: Call, _ rows: Rows, _ row: Int, _ selection: Selection, _ chosen: [Bool]?, _ shape: ReplyShape,
    on shard: isolated Shard
  ) {
    replies.send(shape, to: call, on: shard) { writer in
      var codec = RowCodec(selection, chosen: chosen)
      writer.field(shape.data) { codec.encode(rows, row, into: writer) }
      codec.encodeWarnings(shape, into: writer)
    }
  }
}
