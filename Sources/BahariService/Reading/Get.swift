import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// The one repository: every operation on every table, by the table's description alone.
///
/// Reads are here; creates, updates and deletes, batches and exports stand in files of their own.
final class Repository {
  let resource: Resource
  let database: Database
  /// The out buffer, shared by the calls of a shard, each of which fills and sends it in one go.
  let writer: WireWriter
  /// Told what PostgreSQL said and no caller is told.
  let log: @Sendable (String) -> Void
  private let faults: SchemaFaults
  var inserts = InsertStatements()
  private var lists = ListStatements()
  private lazy var coalescer = Coalescer(resource, database.reads, for: self)

  init(
    _ resource: Resource, _ database: Database, _ writer: WireWriter, _ faults: SchemaFaults,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.faults = faults
    self.resource = resource
    self.database = database
    self.writer = writer
    self.log = log
  }

  /// `payload` is the request's bytes, used before this returns and not kept.
  func run(
    _ operation: Operation, _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer,
    on shard: isolated Shard
  ) {
    do {
      switch operation {
      case .get: try get(call, request, on: shard)
      case .list: try list(call, request, resource.standard, resource.replies.list, on: shard)
      case .listWithRelations:
        try list(call, request, resource.related, resource.replies.listWithRelations, on: shard)
      case .create: try create(call, request, payload, on: shard)
      case .update: try update(call, request, payload, on: shard)
      case .delete: try delete(call, request, payload, on: shard)
      case .batchUpsert: try batchUpsert(call, request, payload, on: shard)
      case .checkIn: try checkIn(call, request, payload, on: shard)
      case .checkOut: try checkOut(call, request, payload, on: shard)
      case .export: try export(call, request, on: shard)
      }
    } catch {
      call.fail(error, on: shard)
    }
  }

  // MARK: Get

  private func get(_ call: Call, _ request: Message, on shard: isolated Shard) throws(Status) {
    let fields = RequestFields.shared
    let chosen = try resource.choose(request.strings(fields.fields), from: resource.standard.outputs)
    guard request.has(fields.id) else { return try getByColumn(call, request, chosen, on: shard) }
    guard !request.has(fields.column), !request.has(fields.value) else {
      throw .malformed("give either id, or column and value", field: "column")
    }
    let id = request.int64(fields.id)
    coalescer.get(Coalescer.Wanted(call: call, id: id, key: try keyValue(id), chosen: chosen), on: shard)
  }

  private func getByColumn(
    _ call: Call, _ request: Message, _ chosen: [Bool]?, on shard: isolated Shard
  ) throws(Status) {
    let (bound, subject) = try lookup(request)
    let job = Job(read: [bound]) { answer in
      switch answer {
      case .failure(let failure): self.fail(call, failure, .read, on: shard)
      case .success(let rows) where rows[0].count == 0: call.fail(self.notFound(subject), on: shard)
      case .success(let rows):
        self.replyRow(call, rows[0], 0, self.resource.standard, chosen, self.resource.replies.get, on: shard)
      }
    }
    call.track(job)
    database.reads.submit(job, on: shard)
  }

  /// The statement for the row that a unique column names, and how to call it if there is none.
  private func lookup(_ request: Message) throws(Status) -> (Bound, subject: String) {
    let fields = RequestFields.shared
    guard let name = request.string(fields.column) else { throw .invalid([.missing("id")], table: resource.table.name) }
    guard let column = resource.column(name), resource.live.isUnique(name) else {
      let unique = resource.columns.map(\.name).filter(resource.live.isUnique).joined(separator: ", ")
      throw .malformed(
        "\(name.debugDescription) is no unique column of \(resource.table.name); those are \(unique)", field: "column",
        reason: FieldViolation.unknownReason)
    }
    guard let text = request.string(fields.value) else {
      throw .invalid([.missing("value")], table: resource.table.name)
    }
    var parameters = Parameters()
    switch Validation.value(of: column, from: text) {
    case .success(let value): value.add(to: &parameters)
    case .failure(let violation):
      throw .invalid([.wrong("value", violation.reason, "for \(name) \(violation.description)")])
    }
    return (Bound(SQL.get(resource.standard, by: column), parameters), "\(name) \(text.prefix(100))")
  }

  /// The key's value. An id that the column's type cannot hold is no row's id.
  func keyValue(_ id: Int64) throws(Status) -> Value {
    guard let key = resource.key.value(ofID: id) else { throw notFound("id \(id)") }
    return key
  }

  // MARK: List

  private func list(
    _ call: Call, _ request: Message, _ selection: Selection, _ shape: ReplyShape, on shard: isolated Shard
  ) throws(Status) {
    let query = try ListQuery(request, resource, selection, order: resource.order)
    scan(query.rows(&lists), call, on: shard) { rows in
      let total = query.total(given: rows.count)
      switch query.count {
      case .exact where total == nil:
        self.scan(query.total(self.resource, &self.lists), call, on: shard) { count in
          self.replyPage(call, rows, query, count.int64(0, 0), shape, on: shard)
        }
      case .estimated where total == nil:
        self.scan(query.estimate(self.resource), call, on: shard) { plan in
          // The planner may expect fewer rows than were seen.
          let total = max(ListQuery.rows(inPlan: plan.string(0, 0)) ?? 0, query.seen(given: rows.count))
          self.replyPage(call, rows, query, total, shape, on: shard)
        }
      case .exact, .estimated: self.replyPage(call, rows, query, total, shape, on: shard)
      case .none: self.replyPage(call, rows, query, nil, shape, on: shard)
      }
    }
  }

  private func scan(_ bound: Bound, _ call: Call, on shard: isolated Shard, _ then: @escaping (Rows) -> Void) {
    let job = database.lists.read(bound, on: shard) { answer in
      switch answer {
      case .failure(let failure): self.fail(call, failure, .read, on: shard)
      case .success(let rows): then(rows[0])
      }
    }
    call.track(job)
  }

  private func replyPage(
    _ call: Call, _ rows: Rows, _ query: ListQuery, _ total: Int64?, _ shape: ReplyShape, on shard: isolated Shard
  ) {
    var codec = RowCodec(query.selection, chosen: query.chosen)
    shape.begin(writer)
    let page = 0..<min(rows.count, Int(query.limit))
    for row in page {
      writer.field(shape.data) { codec.encode(rows, row, into: writer) }
    }
    if let distances = query.distances(rows, page) { shape.write(distances, into: writer) }
    writer.field(shape.number("pagination")) {
      let numbers = PaginationFields.shared
      if let total {
        writer.field(numbers.total, varint: UInt64(total))
        writer.field(numbers.totalPages, varint: UInt64((total + Int64(query.limit) - 1) / Int64(query.limit)))
      }
      if let page = query.page {
        writer.field(numbers.currentPage, varint: UInt64(page))
        writer.field(numbers.page, varint: UInt64(page))
      }
      writer.field(numbers.limit, varint: UInt64(query.limit))
      if let token = query.nextToken(rows) { writer.field(numbers.nextPageToken, string: token) }
    }
    codec.encodeWarnings(shape, into: writer)
    call.succeed(writer, on: shard)
  }

  // MARK: Shared by all operations

  /// Answers with one of `rows`.
  func replyRow(
    _ call: Call, _ rows: Rows, _ row: Int, _ selection: Selection, _ chosen: [Bool]?, _ shape: ReplyShape,
    on shard: isolated Shard
  ) {
    var codec = RowCodec(selection, chosen: chosen)
    shape.begin(writer)
    writer.field(shape.data) { codec.encode(rows, row, into: writer) }
    codec.encodeWarnings(shape, into: writer)
    call.succeed(writer, on: shard)
  }

  func notFound(_ subject: String) -> Status {
    Status(.notFound, "\(resource.table.name) has no row with \(subject)", table: resource.table.name)
  }

  /// `path` stands in front of columns' names in violations.
  func fail(
    _ call: Call, _ failure: PostgresFailure, _ purpose: Purpose, path: String = "data.", on shard: isolated Shard
  ) {
    if case .refused(let error) = failure, ErrorMapping.errorClass(error.sqlState, purpose) == .internalError {
      // Messages of class 42 name objects; others may quote values, which belong in no log.
      let detail = error.sqlState.code.hasPrefix("42") ? " \(error.message)" : ""
      log("\(resource.table.name): \(error.sqlState)\(detail)")
      faults.note(error, resource, on: shard)
    }
    call.fail(ErrorMapping.status(failure, purpose, resource, path: path), on: shard)
  }
}

extension Repository: RowTaker {
  func took(_ wanted: Coalescer.Wanted, _ rows: Rows, _ row: Int?, on shard: isolated Shard) {
    guard let row else { return wanted.call.fail(notFound("id \(wanted.id)"), on: shard) }
    replyRow(wanted.call, rows, row, resource.standard, wanted.chosen, resource.replies.get, on: shard)
  }

  func failed(_ wanted: Coalescer.Wanted, _ failure: PostgresFailure, on shard: isolated Shard) {
    fail(wanted.call, failure, .read, on: shard)
  }
}

/// The numbers of bahari.v1.Pagination.
private struct PaginationFields: Sendable {
  let total, totalPages, currentPage, page, limit, nextPageToken: UInt32

  static let shared: PaginationFields = {
    let message = Descriptors.services.lazy.compactMap { $0.method("List")?.output.field("pagination")?.message }.first
    func number(_ name: String) -> UInt32 {
      guard let field = message?.field(name) else { preconditionFailure("Pagination has no field \(name)") }
      return field.number
    }
    return PaginationFields(
      total: number("total"), totalPages: number("total_pages"), currentPage: number("current_page"),
      page: number("page"), limit: number("limit"), nextPageToken: number("next_page_token"))
  }()
}
