import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// The method Get: returns one row, found by id or by another unique column.
final class Get: MethodRunner {
  private let table: TableContext
  private let fields: GetFields
  private let reply: ReplyShape
  private lazy var coalescer = Coalescer(
    table.resource, one: table.statements(.lookup(Get.byKey(.one, table.resource)))[0],
    many: table.statements(.lookup(Get.byKey(.many, table.resource)))[0], table.database.reads, for: self)

  init(_ method: BoundMethod, _ table: TableContext) {
    self.table = table
    fields = GetFields(method.input)
    reply = method.reply
  }

  private static func byKey(_ rows: LookupShape.Rows, _ resource: Resource) -> LookupShape {
    LookupShape(rows: rows, columns: [resource.keyPlace])
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let chosen = try table.resource.choose(request.strings(fields.fields), from: table.resource.standard.outputs)
    guard request.has(fields.id) else { return try getByColumn(call, request, chosen, on: shard) }
    guard !request.has(fields.column), !request.has(fields.value) else {
      throw .malformed("give either id, or column and value", field: "column")
    }
    let id = request.int64(fields.id)
    coalescer.get(Coalescer.Wanted(call: call, id: id, key: try table.key(id), chosen: chosen), on: shard)
  }

  private func getByColumn(
    _ call: Call, _ request: Message, _ chosen: [Bool]?, on shard: isolated Shard
  ) throws(Status) {
    let (bound, subject) = try lookup(request)
    table.read(bound, call, on: shard) { rows in
      guard rows.count > 0 else { return call.fail(self.table.notFound(subject), on: shard) }
      self.answer(call, rows, 0, chosen, on: shard)
    }
  }

  /// Returns the statement that finds a row by a unique column, and the words for this row in an error.
  private func lookup(_ request: Message) throws(Status) -> (Bound, subject: String) {
    let resource = table.resource
    guard let name = request.string(fields.column) else { throw table.invalid([.missing("id")]) }
    guard let place = resource.place(of: name), resource.live.isUnique(name) else {
      let unique = resource.columns.map(\.name).filter(resource.live.isUnique).joined(separator: ", ")
      throw .malformed(
        "\(name.echo) is no unique column of \(resource.table.name); those are \(unique)", field: "column",
        reason: FieldViolation.unknownReason)
    }
    guard let text = request.string(fields.value) else { throw table.invalid([.missing("value")]) }
    var parameters = Parameters()
    switch Validation.value(of: resource.columns[place], from: text) {
    case .success(let value): value.add(to: &parameters)
    case .failure(let violation):
      throw .invalid([.wrong("value", violation.reason, "for \(name) \(violation.description)")])
    }
    let shape = LookupShape(rows: .one, columns: [place])
    return (table.bound(.lookup(shape), parameters), "\(name) \(text.prefix(100))")
  }

  private func answer(_ call: Call, _ rows: Rows, _ row: Int, _ chosen: [Bool]?, on shard: isolated Shard) {
    table.reply(call, rows, row, table.resource.standard, chosen, reply, on: shard)
  }
}

extension Get: RowTaker {
  func took(_ wanted: Coalescer.Wanted, _ rows: Rows, _ row: Int?, on shard: isolated Shard) {
    guard let row else { return wanted.call.fail(table.notFound("id \(wanted.id)"), on: shard) }
    answer(wanted.call, rows, row, wanted.chosen, on: shard)
  }

  func failed(_ wanted: Coalescer.Wanted, _ failure: PostgresFailure, on shard: isolated Shard) {
    table.fail(wanted.call, failure, .reads, on: shard)
  }
}

extension Method {
  static let get = Method(
    name: "Get", effect: .reads, deadline: .point, sentence: "Data {} berhasil diambil"
  ) { Get($0, $1) }
}
