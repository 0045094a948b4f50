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
  public func get(_ id: some BinaryInteger, fields: [String] = [], timeout: Duration? = nil) async throws -> Row {
    try await row(of: .with { ($0.id, $0.fields) = (Int64(clamping: id), fields) }, timeout)
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
    try await row(of: .with { ($0.column, $0.value, $0.fields) = (column, value, fields) }, timeout)
  }

  /// The whole reply of a Get, with what is odd about the row.
  public func reply(to request: Bahari_V1_GetRequest, timeout: Duration? = nil) async throws -> Reply<Row> {
    let bytes = try await call("Get", request, timeout, .read)
    return try readable("\(service)/Get", .read) { try Reply(bytes) }
  }

  private func row(of request: Bahari_V1_GetRequest, _ timeout: Duration?) async throws -> Row {
    guard let row = try await reply(to: request, timeout: timeout).data else {
      throw BahariError(.internal, "\(service)/Get answered without a row: compare the versions of client and daemon")
    }
    return row
  }

  /// A page of rows: 10 from the first when the request says nothing else.
  public func list(_ request: ListRequest = ListRequest(), timeout: Duration? = nil) async throws -> Page<Row> {
    try await page("List", request, timeout)
  }

  /// Page after page of the rows that the request selects, each asked for when the one before has been taken.
  ///
  /// Pages follow each other by token, so that rows that come and go meanwhile shift no others; rows near a place
  /// come by page number. Totals are counted only where the request asks for a count.
  ///
  /// - Parameters:
  ///   - request: its filter, search, sort, fields and count; its page and limit are left aside.
  ///   - limit: rows of a page, 1 to 100.
  ///   - timeout: for each page.
  public func pages(_ request: ListRequest = ListRequest(), limit: Int = 100, timeout: Duration? = nil) -> Pages<Row> {
    var first = request
    first.clearPage()
    first.limit = Int32(clamping: limit)
    if !request.hasCount { first.count = .none }
    return Pages { [first] in ListedPages(resource: self, timeout: timeout, next: first) }
  }

  /// All rows that the request selects, as one stream; its page, limit and count are left aside.
  ///
  /// - Parameter timeout: for the whole stream; 10 minutes when nil.
  public func export(_ request: ListRequest = ListRequest(), timeout: Duration? = nil) -> Rows<Row> {
    Rows(pages: Pages { ExportedPages(resource: self, request: request, timeout: timeout ?? .seconds(600)) })
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
    let payload = try WriteRequest.create(row, requestID: RequestID.orNew(requestID), dryRun: dryRun)
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
      row, mask: mask, version: version, requestID: RequestID.orNew(requestID), dryRun: dryRun)
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
    _ id: some BinaryInteger, cascade: Bool = false, version: String? = nil, requestID: String? = nil,
    dryRun: Bool = false,
    timeout: Duration? = nil
  ) async throws -> Reply<Row> {
    var request = Bahari_V1_DeleteRequest()
    request.id = Int64(clamping: id)
    request.requestID = RequestID.orNew(requestID)
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
      rows, mask: mask, onError: onError, requestID: RequestID.orNew(requestID), dryRun: dryRun)
    let bytes = try await call("BatchUpsert", payload, timeout ?? .seconds(600), .namedWrite)
    return try decoded(bytes, from: "\(service)/BatchUpsert", .namedWrite)
  }

  // MARK: What the methods share

  /// Calls a method that answers with rows.
  func page<Found>(_ method: String, _ request: some Message, _ timeout: Duration?) async throws -> Page<Found> {
    let bytes = try await call(method, request, timeout, .read)
    return try readable("\(service)/\(method)", .read) { try Page(bytes) }
  }

  /// Calls a method that writes one row; the payload carries a request id.
  func write(_ method: String, _ payload: [UInt8], _ timeout: Duration?) async throws -> Reply<Row> {
    let bytes = try await call(method, payload, timeout, .namedWrite)
    return try readable("\(service)/\(method)", .namedWrite) { try Reply(bytes) }
  }

  func call(
    _ method: String, _ request: some Message, _ timeout: Duration?, _ effect: CallEffect
  ) async throws -> [UInt8] {
    try await call(method, try request.serializedBytes(), timeout, effect)
  }

  private func call(
    _ method: String, _ payload: [UInt8], _ timeout: Duration?, _ effect: CallEffect
  ) async throws -> [UInt8] {
    try await client.unary(service: service, method: method, payload: payload, timeout: timeout, effect: effect)
  }
}
