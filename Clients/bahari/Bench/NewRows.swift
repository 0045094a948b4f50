import BahariClient
import BahariFrame

/// A workload of Create calls with copies of existing rows.
final class NewRows: RowMaking {
  let methods: [Method]
  private(set) var made: MadeRows
  private let copies: RowCopies
  /// The number of the request's field `request_id`; nil if requests are sent without a request id.
  private let requestID: UInt32?
  private let run = RequestID.random()
  private let writer = WireWriter()
  private var sent = 0

  /// - Parameters:
  ///   - rows: the rows to copy.
  ///   - start: the highest existing id; the copies get higher ids.
  ///   - named: whether each request gets a request_id.
  init(_ target: DescribedResource, _ method: Method, rows: [Record], start: Int64, named: Bool) throws {
    methods = [method]
    made = try MadeRows(method.output, target.row)
    copies = try RowCopies(target, method, rows: rows, start: start)
    requestID = named ? method.input.field("request_id")?.number : nil
  }

  func next() -> LoadRequest? {
    writer.removeAll()
    copies.next(to: writer)
    if let requestID { writer.field(requestID, string: run + String(sent, radix: 36)) }
    sent += 1
    return LoadRequest(payload: writer.bytes)
  }

  func answered(_ tag: Int, _ payload: UnsafeRawBufferPointer) throws -> Bool { try made.add(payload) }
}
