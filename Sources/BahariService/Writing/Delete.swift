import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// The method Delete: deletes one row, and with `cascade` also the rows that refer to it by a foreign key that
/// cascades.
final class Delete: MethodRunner {
  private let table: TableContext
  private let method: WriteMethod
  private let id, version, cascade: FieldDescriptor
  private let writer: RowWriter

  init(_ method: BoundMethod, _ table: TableContext) {
    self.table = table
    self.method = WriteMethod(method)
    (id, version) = (method.input.required("id"), method.input.required("version"))
    cascade = method.input.required("cascade")
    writer = RowWriter(table)
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    guard request.has(id) else { throw table.invalid([.missing("id")]) }
    let id = request.int64(id)
    let write = try Write(call, request, payload, method, [])
    var key = Parameters()
    try table.key(id).add(to: &key)
    let version = request.string(version)
    let shape = DeleteShape(
      hasVersion: version != nil, cascades: request.isSet(cascade), loggedMethod: write.loggedMethod)
    var parameters = key
    if let version { parameters.add(text: version) }
    write.addLogEntry(to: &parameters)
    let statements = table.statements(.delete(shape))
    writer.submit([Bound(statements[0], key), Bound(statements[1], parameters)], write, on: shard) { rows in
      let (locked, deleted) = (rows[0], rows[1])
      if deleted.count > 0 {
        self.writer.succeed(deleted, write, on: shard)
      } else if locked.count == 0 {
        self.writer.end(write, with: self.table.notFound("id \(id)"), on: shard)
      } else if let version, locked.string(0, 0) != version {
        self.writer.end(write, with: self.writer.versionClash(id), on: shard)
      } else {
        self.writer.unlessRepeated(write, on: shard) { self.refuseCascade(call, id, key, on: shard) }
      }
    }
  }

  /// Fails the call, and reports for each table how many of its rows the delete would also delete.
  private func refuseCascade(_ call: Call, _ id: Int64, _ key: Parameters, on shard: isolated Shard) {
    let (name, counts) = (table.resource.table.name, table.resource.cascades.counts)
    let job = Job(read: counts.map { Bound($0.statement, key) }) { answer in
      guard case .success(let rows) = answer else {
        if case .failure(let failure) = answer { self.table.fail(call, failure, .deletes, on: shard) }
        return
      }
      let stakes = zip(counts, rows).compactMap { count, rows -> (String, Int64)? in
        let number = rows.int64(0, 0) ?? 0
        return number > 0 ? (count.table, number) : nil
      }
      let list = stakes.map { "\($1) of \($0)" }.joined(separator: ", ")
      var status = Status(
        .stillReferenced, "\(name) \(id) is referred to by \(list); cascade=true deletes them along", table: name)
      for (table, number) in stakes { status.metadata["rows.\(table)"] = String(number) }
      call.fail(status, on: shard)
    }
    call.track(job)
    table.database.scans.submit(job, on: shard)
  }
}

extension Method {
  static let delete = Method(
    name: "Delete", effect: .deletes, deadline: .point, sentence: "Data {} berhasil dihapus"
  ) { Delete($0, $1) }
}
