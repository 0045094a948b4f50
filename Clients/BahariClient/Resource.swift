import SwiftProtobuf

/// One table: the seven methods that every table's service has.
///
/// All of them throw `BahariError`, or `CancellationError` when the task was cancelled; a `timeout` of
/// nil is the client's.
public struct Resource<Row: Message & Sendable>: Sendable {
  let client: BahariClient
  /// The full name of the table's service: `bahari.v1.DesaService`.
  public let service: String

  init(_ client: BahariClient) {
    self.client = client
    // Every row message X is served by XService.
    service = Row.protoMessageName + "Service"
  }

  // MARK: Reading

  /// The row with this id.
  ///
  /// - Parameter fields: the columns to return; all when empty.
  /// - Throws: `notFound` when there is none.
  public func get(_ id: Int64, fields: [String] = [], timeout: Duration? = nil) async throws -> Row {
    var request = Bahari_V1_GetRequest()
    request.id = id
    request.fields = fields
    return try await get(request, timeout)
  }

  /// The row that has this value in a unique column.
  ///
  /// - Parameters:
  ///   - column: a column that is unique; another one is refused with `invalidArgument`.
  ///   - value: as text.
  ///   - fields: the columns to return; all when empty.
  /// - Throws: `notFound` when there is none.
  public func get(
    by column: String, _ value: String, fields: [String] = [], timeout: Duration? = nil
  ) async throws -> Row {
    var request = Bahari_V1_GetRequest()
    request.column = column
    request.value = value
    request.fields = fields
    return try await get(request, timeout)
  }

  private func get(_ request: Bahari_V1_GetRequest, _ timeout: Duration?) async throws -> Row {
    let bytes = try await call("Get", try request.serializedBytes(), timeout, isRead: true)
    guard let row = try read("Get", { try Reply<Row>(bytes) }).data else {
      throw BahariError(.internal, "\(service)/Get answered without a row: compare the versions of client and daemon")
    }
    return row
  }

  /// A page of rows: 10 from the first when the request says nothing else.
  public func list(_ request: ListRequest = ListRequest(), timeout: Duration? = nil) async throws -> Page<Row> {
    try await page("List", request, timeout)
  }

  func page(_ method: String, _ request: ListRequest, _ timeout: Duration?) async throws -> Page<Row> {
    let bytes = try await call(method, try request.serializedBytes(), timeout, isRead: true)
    return try read(method) { try Page(bytes) }
  }

  /// All rows that the request selects, as one stream; its page, limit and count are left aside.
  ///
  /// - Parameter timeout: for the whole stream; 10 minutes when nil.
  public func export(_ request: ListRequest = ListRequest(), timeout: Duration? = nil) -> Rows<Row> {
    Rows(client: client, service: service, request: request, timeout: timeout ?? .seconds(600))
  }

  // MARK: Writing

  /// Adds a row. Columns that the row leaves absent take their defaults.
  ///
  /// - Parameters:
  ///   - requestID: names the write; the same call with the same one adds no second row. A new one when nil.
  ///   - dryRun: check everything, write nothing.
  /// - Returns: the row as it was stored, with its id and version.
  /// - Throws: `alreadyExists` when a unique value is taken; `invalidArgument` with every violation.
  public func create(
    _ row: Row, requestID: String? = nil, dryRun: Bool = false, timeout: Duration? = nil
  ) async throws -> Reply<Row> {
    let payload = try WriteRequest.create(row, requestID: requestID ?? RequestID.random(), dryRun: dryRun)
    return try await write("Create", payload, timeout)
  }

  /// Changes a row, which carries its id.
  ///
  /// - Parameters:
  ///   - mask: the columns to set; one that the row leaves absent becomes NULL. When nil, the columns that
  ///     are present are set.
  ///   - version: refuse with `aborted` when the row has another version by now.
  ///   - requestID: names the write, so that it can be repeated; a new one when nil.
  ///   - dryRun: check everything, write nothing.
  /// - Returns: the row as it is now.
  public func update(
    _ row: Row, mask: [String]? = nil, version: String? = nil, requestID: String? = nil, dryRun: Bool = false,
    timeout: Duration? = nil
  ) async throws -> Reply<Row> {
    let payload = try WriteRequest.update(
      row, mask: mask, version: version, requestID: requestID ?? RequestID.random(), dryRun: dryRun)
    return try await write("Update", payload, timeout)
  }

  /// Deletes a row.
  ///
  /// - Parameters:
  ///   - cascade: delete the rows of other tables that go with it; without it such a row is refused.
  ///   - version: refuse with `aborted` when the row has another version by now.
  ///   - requestID: names the write, so that it can be repeated; a new one when nil.
  ///   - dryRun: check everything, write nothing.
  @discardableResult
  public func delete(
    _ id: Int64, cascade: Bool = false, version: String? = nil, requestID: String? = nil, dryRun: Bool = false,
    timeout: Duration? = nil
  ) async throws -> Reply<Row> {
    var request = Bahari_V1_DeleteRequest()
    request.id = id
    request.requestID = requestID ?? RequestID.random()
    if cascade { request.cascade = true }
    if let version { request.version = version }
    if dryRun { request.dryRun = true }
    return try await write("Delete", try request.serializedBytes(), timeout)
  }

  /// Adds the rows that are new and changes those that differ, matched by the table's natural key.
  ///
  /// - Parameters:
  ///   - rows: at most 4 MiB once encoded.
  ///   - mask: the columns to set, for all rows; when nil, those that are present in each.
  ///   - onError: `.abort` writes all or nothing; `.skip` writes the good rows and returns the bad by index.
  ///   - requestID: names the batch, so that it can be repeated; a new one when nil.
  ///   - dryRun: check everything, write nothing.
  ///   - timeout: 10 minutes when nil.
  public func batchUpsert(
    _ rows: [Row], mask: [String]? = nil, onError: Bahari_V1_OnError = .abort,
    requestID: String? = nil, dryRun: Bool = false, timeout: Duration? = nil
  ) async throws -> Bahari_V1_BatchReply {
    let payload = try WriteRequest.batch(
      rows, mask: mask, onError: onError, requestID: requestID ?? RequestID.random(), dryRun: dryRun)
    let bytes = try await call("BatchUpsert", payload, timeout ?? .seconds(600), isRead: false)
    return try decoded(bytes, from: "\(service)/BatchUpsert")
  }

  private func write(_ method: String, _ payload: [UInt8], _ timeout: Duration?) async throws -> Reply<Row> {
    let bytes = try await call(method, payload, timeout, isRead: false)
    return try read(method) { try Reply(bytes) }
  }

  // MARK: Helpers

  private func call(_ method: String, _ payload: [UInt8], _ timeout: Duration?, isRead: Bool) async throws -> [UInt8] {
    try await client.unary(service: service, method: method, payload: payload, timeout: timeout, isRead: isRead)
  }

  private func read<R>(_ method: String, _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch {
      throw unreadable("\(service)/\(method)", error)
    }
  }
}

/// The rows of an export, in the order that was asked for. To be iterated once, by one task; at most
/// 4 MiB wait unread.
public struct Rows<Row: Message & Sendable>: AsyncSequence, Sendable {
  /// One row.
  public typealias Element = Row
  let client: BahariClient
  let service: String
  let request: ListRequest
  let timeout: Duration

  /// Starts an export of its own; it is made with the first `next()`.
  public func makeAsyncIterator() -> Iterator { Iterator(rows: self) }

  /// Takes the rows of one export.
  public struct Iterator: AsyncIteratorProtocol {
    let rows: Rows
    private var messages: MessageStream.Iterator?
    private var page: [Row] = []
    private var next = 0

    init(rows: Rows) { self.rows = rows }

    /// The next row, nil at the end.
    ///
    /// - Throws: `BahariError`, or `CancellationError` when the task was cancelled.
    public mutating func next() async throws -> Row? {
      while next == page.count {
        var stream = try messages ?? open()
        guard let bytes = try await stream.next() else {
          messages = stream
          return nil
        }
        messages = stream
        do {
          page = try Page<Row>(bytes).data
        } catch {
          throw unreadable("\(rows.service)/Export", error)
        }
        next = 0
      }
      defer { next += 1 }
      return page[next]
    }

    private func open() throws -> MessageStream.Iterator {
      rows.client.serverStream(
        service: rows.service, method: "Export", payload: try rows.request.serializedBytes(), timeout: rows.timeout
      ).makeAsyncIterator()
    }
  }
}
