import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// Export: all rows of a list as a stream, in constant memory.
extension Repository {
  func export(_ call: Call, _ request: Message, on shard: isolated Shard) throws(Status) {
    // By id where nobody asks for another order: stable, and what an import of the file expects.
    let query = try ListQuery(request, resource, resource.standard, order: SortOrder([], resource))
    Task {
      do throws(PostgresFailure) {
        try await stream(query, to: call, on: shard)
        call.endStream(on: shard)
      } catch {
        fail(call, error, .read, on: shard)
      }
    }
  }

  /// Pulls a cursor: the next rows are fetched when the connection has taken the ones before.
  private func stream(_ query: ListQuery, to call: Call, on shard: isolated Shard) async throws(PostgresFailure) {
    let lease = try await call.lease(from: database.transactions, on: shard)
    defer { call.release(lease, on: shard) }
    let fetch = Bound(Statement("FETCH FORWARD \(ServiceLimits.exportFetchRows) FROM rows"))
    let open = [Transaction.beginSnapshot, query.cursor(named: "rows"), fetch]
    var rows = try await run(open, lease, for: call, on: shard)[2]
    // Its own buffer: other calls use the shared one while this waits.
    let part = WireWriter(capacity: ServiceLimits.exportFrameBytes + 4096)
    while rows.count > 0 {
      guard await send(rows, query, to: call, part, on: shard) else { break }
      if rows.count < ServiceLimits.exportFetchRows { break }
      rows = try await run([fetch], lease, for: call, on: shard)[0]
    }
    _ = try await run([Transaction.commit], lease, for: call, on: shard)
  }

  /// Notes how long PostgreSQL takes, apart from how long the reader does.
  private func run(
    _ statements: [Bound], _ lease: Lease, for call: Call, on shard: isolated Shard
  ) async throws(PostgresFailure) -> [Rows] {
    call.noteSent()
    defer { call.noteAnswer() }
    return try await lease.run(statements, on: shard)
  }

  /// Sends `rows` in frames of bounded size. False once the call has ended.
  private func send(
    _ rows: Rows, _ query: ListQuery, to call: Call, _ part: WireWriter, on shard: isolated Shard
  ) async -> Bool {
    let shape = resource.replies.export
    var codec = RowCodec(query.selection, chosen: query.chosen)
    shape.begin(part)
    var first = 0
    /// Ends a frame that holds the rows before `next`.
    func close(before next: Int) {
      if let distances = query.distances(rows, first..<next) { shape.write(distances, into: part) }
      codec.encodeWarnings(shape, into: part)
      first = next
    }
    for row in 0..<rows.count {
      let before = part.count
      part.field(shape.data) { codec.encode(rows, row, into: part) }
      guard part.count > ServiceLimits.exportFrameBytes, before > shape.head.count else { continue }
      // The row that went over the size opens the next frame.
      part.truncate(to: before)
      close(before: row)
      guard await call.send(part: part, on: shard) else { return false }
      shape.begin(part)
      part.field(shape.data) { codec.encode(rows, row, into: part) }
    }
    close(before: rows.count)
    return await call.send(part: part, on: shard)
  }
}
