import SwiftProtobuf

/// One table, with the seven methods that every table's service has.
///
/// All methods throw `BahariError`, or `CancellationError` if the task was cancelled. Without a `timeout` the client's
/// applies.
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

  /// Returns the row with an id.
  ///
  /// - Parameter fields: the columns to return; all if empty.
  /// - Throws: `notFound` if there is no such row.
  public func get(_ id: some BinaryInteger, fields: [String] = [], timeout: Duration? = nil) async throws -> Row {
    try await row(of: .with { ($0.id, $0.fields) = (Int64(clamping: id), fields) }, timeout)
  }

  /// Returns the row with a value in a unique column.
  ///
  /// - Parameters:
  ///   - column: a unique column; any other is refused with `invalidArgument`.
  ///   - value: as text.
  ///   - fields: the columns to return; all if empty.
  /// - Throws: `notFound` if there is no such row.
  public func get(
    by column: String, _ value: String, fields: [String] = [], timeout: Duration? = nil
  ) async throws -> Row {
    try await row(of: .with { ($0.column, $0.value, $0.fields) = (column, value, fields) }, timeout)
  }

  /// Returns the whole reply of a Get, with the warnings about the row.
  public func reply(to request: Bahari_V1_GetRequest, timeout: Duration? = nil) async throws -> Reply<Row> {
    let bytes = try await call("Get", request, timeout, .read)
    return try readable("\(service)/Get", .read) { try Reply(bytes) }
  }

  private func row(of request: Bahari_V1_GetRequest, _ timeout: Duration?) async throws -> Row {
    guard let row = try await reply(to: request, timeout: timeout).data else {
      throw BahariError(.internal, "\(service)/Get returned no row: compare the versions of client and daemon")
    }
    return row
  }

  /// Returns a page of rows: the first 10 unless the request says otherwise; 100 at most.
  public func list(_ request: ListRequest = ListRequest(), timeout: Duration? = nil) async throws -> Page<Row> {
    try await page("List", request, timeout)
  }

  /// Returns the pages of the rows that a request selects; each is requested when the one before has been consumed.
  ///
  /// Pages follow each other by token, so that rows added or deleted meanwhile shift no others; a list by distance
  /// continues by page number. Totals are counted only if the request sets `count`.
  ///
  /// - Parameters:
  ///   - request: selects and orders the rows; its page and limit are ignored.
  ///   - limit: rows of a page, 1 to 100.
  ///   - timeout: for each page.
  public func pages(_ request: ListRequest = ListRequest(), limit: Int = 100, timeout: Duration? = nil) -> Pages<Row> {
    var first = request
    first.clearPage()
    first.limit = Int32(clamping: limit)
    if !request.hasCount { first.count = .none }
    return Pages { [first] in ListedPages(resource: self, timeout: timeout, next: first) }
  }

  /// Returns all rows that a request selects, by one stream; the request's page, limit and count are ignored.
  ///
  /// - Parameter timeout: for the whole stream; 10 minutes when nil.
  public func export(_ request: ListRequest = ListRequest(), timeout: Duration? = nil) -> Rows<Row> {
    Rows(pages: Pages { ExportedPages(resource: self, request: request, timeout: timeout ?? .seconds(600)) })
  }

  // MARK: Writing

  /// Adds a row. Columns that the row leaves absent take their defaults.
  ///
  /// - Parameters:
  ///   - requestID: names the write: repeated with the same id, it adds no second row. A random id if nil.
  ///   - dryRun: checks everything and writes nothing.
  /// - Returns: the row as it was stored, with its id and version.
  /// - Throws: `alreadyExists` if a unique value is taken; `invalidArgument` with every violation.
  public func create(
    _ row: Row, requestID: String? = nil, dryRun: Bool = false, timeout: Duration? = nil
  ) async throws -> Reply<Row> {
    let payload = try WriteRequest.create(row, requestID: RequestID.orNew(requestID), dryRun: dryRun)
    return try await write("Create", payload, timeout)
  }

  /// Changes the row that has the id in `row`.
  ///
  /// - Parameters:
  ///   - mask: the columns to set; a column that is absent in `row` becomes NULL. If nil, the columns that are present
  ///     are set.
  ///   - version: refuses the write with `aborted` if the row has another version.
  ///   - requestID: names the write, so that it can be repeated; a random id if nil.
  ///   - dryRun: checks everything and writes nothing.
  /// - Returns: the row after the change.
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
  ///   - cascade: also deletes the rows of other tables that refer to the row; without it, such a row is refused.
  ///   - version: refuses the write with `aborted` if the row has another version.
  ///   - requestID: names the write, so that it can be repeated; a random id if nil.
  ///   - dryRun: checks everything and writes nothing.
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

  /// Adds new rows and changes those that differ, matched by the table's natural key.
  ///
  /// - Parameters:
  ///   - rows: at most 10,000, and 4 MiB encoded.
  ///   - mask: the columns to set in all rows; if nil, those that are present in each.
  ///   - onError: `.abort` writes all rows or none; `.skip` writes the valid rows and returns the others by index.
  ///   - requestID: names the batch, so that it can be repeated; a random id if nil.
  ///   - dryRun: checks everything and writes nothing.
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

  // MARK: Shared by the methods

  /// Calls a method that returns rows.
  func page<Found>(_ method: String, _ request: some Message, _ timeout: Duration?) async throws -> Page<Found> {
    let bytes = try await call(method, request, timeout, .read)
    return try readable("\(service)/\(method)", .read) { try Page(bytes) }
  }

  /// Calls a method that writes one row; the payload has a request id.
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
