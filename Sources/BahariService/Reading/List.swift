import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// The methods List and ListWithRelations: return one page of a table's rows.
final class List: MethodRunner {
  private let table: TableContext
  private let fields: ListFields
  private let reply: ReplyShape
  private let pagination: PaginationNumbers
  /// The outputs of the list, with or without joined names.
  private let selection: Selection

  init(_ method: BoundMethod, _ table: TableContext, _ selection: Selection) {
    self.table = table
    self.selection = selection
    fields = ListFields(method.input)
    reply = method.reply
    pagination = PaginationNumbers(reply)
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let query = try ListQuery(request, fields, table.resource, selection, order: table.resource.order)
    read(query.page, call, on: shard) { rows in
      let total = query.total(given: rows.count)
      switch query.count {
      case .exact where total == nil:
        self.read(query.totalOfAllPages, call, on: shard) { count in
          self.answer(call, rows, query, count.int64(0, 0), on: shard)
        }
      case .estimated where total == nil:
        self.read(query.estimate, call, on: shard) { plan in
          // The planner's estimate may be lower than the number of rows that are already known to exist.
          let total = max(ListQuery.rows(inPlan: plan.string(0, 0)) ?? 0, query.seen(given: rows.count))
          self.answer(call, rows, query, total, on: shard)
        }
      case .exact, .estimated: self.answer(call, rows, query, total, on: shard)
      case .none: self.answer(call, rows, query, nil, on: shard)
      }
    }
  }

  private func read(
    _ query: (shape: ListShape, parameters: Parameters), _ call: Call, on shard: isolated Shard,
    _ then: @escaping (Rows) -> Void
  ) {
    let job = table.database.lists.read(table.bound(.list(query.shape), query.parameters), on: shard) { answer in
      switch answer {
      case .failure(let failure): self.table.fail(call, failure, .reads, on: shard)
      case .success(let rows): then(rows[0])
      }
    }
    call.track(job)
  }

  private func answer(_ call: Call, _ rows: Rows, _ query: ListQuery, _ total: Int64?, on shard: isolated Shard) {
    table.replies.send(reply, to: call, on: shard) { writer in
      var codec = RowCodec(query.selection, chosen: query.chosen)
      let page = 0..<min(rows.count, Int(query.limit))
      for row in page {
        writer.field(reply.data) { codec.encode(rows, row, into: writer) }
      }
      if let distances = query.distances(rows, page) { reply.write(distances, into: writer) }
      writer.field(reply.pagination) { pagination.write(query, rows, total, into: writer) }
      codec.encodeWarnings(reply, into: writer)
    }
  }
}

extension Method {
  static let list = Method(
    name: "List", effect: .reads, deadline: .list, sentence: "Daftar {} berhasil diambil"
  ) { List($0, $1, $1.resource.standard) }

  static let listWithRelations = Method(
    name: "ListWithRelations", effect: .reads, deadline: .list, sentence: "Daftar {} berhasil diambil",
    isOnEveryTable: false
  ) { List($0, $1, $1.resource.related) }
}

/// The field numbers of the message Pagination in the reply to a list.
private struct PaginationNumbers {
  private let total, totalPages, currentPage, page, limit, nextPageToken: UInt32

  init(_ reply: ReplyShape) {
    let numbers = reply.within("pagination")
    (total, totalPages, currentPage) = (numbers["total"], numbers["total_pages"], numbers["current_page"])
    (page, limit, nextPageToken) = (numbers["page"], numbers["limit"], numbers["next_page_token"])
  }

  /// Writes the Pagination of a reply. `total` is nil if the caller does not want the total.
  func write(_ query: ListQuery, _ rows: Rows, _ total: Int64?, into writer: WireWriter) {
    let limit = Int64(query.limit)
    if let total {
      writer.field(self.total, varint: UInt64(total))
      writer.field(totalPages, varint: UInt64((total + limit - 1) / limit))
    }
    if let page = query.pageNumber {
      writer.field(currentPage, varint: UInt64(page))
      writer.field(self.page, varint: UInt64(page))
    }
    writer.field(self.limit, varint: UInt64(query.limit))
    if let token = query.nextToken(rows) { writer.field(nextPageToken, string: token) }
  }
}
