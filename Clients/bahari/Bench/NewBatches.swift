import BahariClient
import BahariFrame

/// A workload of BatchUpsert calls with copies of existing rows under new ids, each call with a request_id. Only for
/// tables whose ids the caller chooses: the reply to a batch has no ids, so rows that PostgreSQL numbers could not be
/// deleted afterwards.
final class NewBatches: RowMaking {
  let methods: [Method]
  private(set) var made = MadeRows()
  private let copies: RowCopies
  private let created: UInt32
  private let size: Int
  private let requestID: UInt32
  private let run = RequestID.random()
  private let writer = WireWriter()
  private var sent = 0
  private let start: Int64

  /// - Parameters:
  ///   - rows: the rows to copy.
  ///   - start: the highest existing id; the copies get higher ids.
  ///   - size: the number of rows in a batch.
  init(_ target: DescribedResource, _ method: Method, rows: [Record], start: Int64, size: Int) throws {
    guard let created = method.output.field("created"), let requestID = method.input.field("request_id") else {
      throw Failure(.unimplemented, "\(method.service)/\(method.name) has no fields created and request_id")
    }
    guard let id = target.column("id"), !id.hasDefaultValue, target.info.naturalKey == "id" else {
      throw Failure(
        .invalidArgument,
        "PostgreSQL numbers the rows of \(target.info.name), so that batches of them could not be "
          + "deleted again; import is for resources whose ids callers give, such as desa")
    }
    methods = [method]
    copies = try RowCopies(target, method, rows: rows, start: start)
    (self.created, self.requestID, self.size, self.start) = (created.number, requestID.number, size, start)
  }

  func next() -> LoadRequest? {
    writer.removeAll()
    for _ in 0..<size { copies.next(to: writer) }
    writer.field(requestID, string: run + String(sent, radix: 36))
    sent += 1
    return LoadRequest(tag: sent - 1, payload: writer.bytes)
  }

  func answered(_ tag: Int, _ payload: UnsafeRawBufferPointer) throws -> Bool {
    let first = start + 1 + Int64(tag * size)
    made.add(ids: first..<first + Int64(size))
    var reply = WireReader(payload)
    while let (number, value) = try reply.next() {
      if number == created, case .varint(let count) = value { return count == UInt64(size) }
    }
    return false
  }
}
