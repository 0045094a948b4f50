import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// The method Export: sends all rows of a list as a stream, in constant memory.
final class Export: MethodRunner {
  private let table: TableContext
  private let fields: ListFields
  private let reply: ReplyShape
  /// The order of rows if the request has no `sort`: by id, which is stable and what an import of the exported file
  /// expects.
  private let order: SortOrder
  private static let fetch = Bound(
    Statement("FETCH FORWARD \(ServiceLimits.exportFetchRows) FROM \(SQL.quote(ListShape.cursorName))"))

  init(_ method: BoundMethod, _ table: TableContext) {
    self.table = table
    fields = ListFields(method.input)
    reply = method.reply
    let resource = table.resource
    order = SortOrder([], of: resource.table.name, resource.columns, key: resource.key)
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let query = try ListQuery(request, fields, table.resource, table.resource.standard, order: order)
    Task {
      do throws(PostgresFailure) {
        try await stream(query, to: call, on: shard)
        call.endStream(on: shard)
      } catch {
        table.fail(call, error, .reads, on: shard)
      }
    }
  }

  /// Sends the rows of a cursor: the next rows are fetched when the client's connection has accepted the ones before.
  private func stream(_ query: ListQuery, to call: Call, on shard: isolated Shard) async throws(PostgresFailure) {
    let lease = try await call.lease(from: table.database.transactions, on: shard)
    defer { call.release(lease, on: shard) }
    let (shape, parameters) = query.cursor
    let open = [Transaction.beginSnapshot, table.bound(.list(shape), parameters), Export.fetch]
    var rows = try await run(open, lease, for: call, on: shard)[2]
    // The export has its own buffer, because other calls use the shard's buffer while the export waits.
    let part = WireWriter(capacity: ServiceLimits.exportFrameBytes + 4096)
    while rows.count > 0 {
      guard await send(rows, query, to: call, part, on: shard) else { break }
      if rows.count < ServiceLimits.exportFetchRows { break }
      rows = try await run([Export.fetch], lease, for: call, on: shard)[0]
    }
    _ = try await run([Transaction.commit], lease, for: call, on: shard)
  }

  /// Runs statements, and measures the time that PostgreSQL takes without the time that the client takes to read.
  private func run(
    _ statements: [Bound], _ lease: Lease, for call: Call, on shard: isolated Shard
  ) async throws(PostgresFailure) -> [Rows] {
    call.noteSent()
    defer { call.noteAnswer() }
    return try await lease.run(statements, on: shard)
  }

  /// Sends `rows` in frames of bounded size. Returns false if the call has ended.
  private func send(
    _ rows: Rows, _ query: ListQuery, to call: Call, _ part: WireWriter, on shard: isolated Shard
  ) async -> Bool {
    var codec = RowCodec(query.selection, chosen: query.chosen)
    var first = 0
    func begin() {
      part.removeAll()
      reply.begin(part)
    }
    /// Ends the frame that holds the rows before the one with index `next`.
    func close(before next: Int) {
      if let distances = query.distances(rows, first..<next) { reply.write(distances, into: part) }
      codec.encodeWarnings(reply, into: part)
      first = next
    }
    begin()
    for row in 0..<rows.count {
      let before = part.count
      part.field(reply.data) { codec.encode(rows, row, into: part) }
      guard part.count > ServiceLimits.exportFrameBytes, before > reply.head.count else { continue }
      // The row that made the frame too large becomes the first row of the next frame.
      part.truncate(to: before)
      close(before: row)
      guard await call.send(part: part, on: shard) else { return false }
      begin()
      part.field(reply.data) { codec.encode(rows, row, into: part) }
    }
    close(before: rows.count)
    return await call.send(part: part, on: shard)
  }
}

extension Method {
  static let export = Method(
    name: "Export", effect: .reads, deadline: .batch, sentence: "Daftar {} berhasil diambil"
  ) { Export($0, $1) }
}
