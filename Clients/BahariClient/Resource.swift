import SwiftProtobuf

/// Calls the seven methods that every table's service has, for one table.
///
/// All methods throw `BahariError`, or `CancellationError` if the task was cancelled. If a method's `timeout` is nil,
/// the client's `timeout` applies, unless the method documents another.
public struct Resource<Row: Message & Sendable>: Sendable {
  let client: BahariClient
  /// The full name of the table's service, such as `bahari.v1.DesaService`.
  public let service: String

  init(_ client: BahariClient) {
    self.client = client
    // The service of a table whose row message is X is named XService.
    service = Row.protoMessageName + "Service"
  }

  // MARK: Reading

  /// Returns the row that has the given id.
  ///
  /// - Parameter fields: the columns to return; all columns if empty.
  /// - Throws: `notFound` if there is no such row.
  public func get(_ id: some BinaryInteger, fields: [String] = [], timeout: Duration? = nil) async throws -> Row {
    try await row(of: .with { ($0.id, $0.fields) = (Int64(clamping: id), fields) }, timeout)
  }

  /// Returns the row that has the given value in a unique column.
  ///
  /// - Parameters:
  ///   - column: a unique column; the daemon refuses other columns with `invalidArgument`.
  ///   - value: the column's value as text.
  ///   - fields: the columns to return; all columns if empty.
  /// - Throws: `notFound` if there is no such row.
  public func get(
    by column: String, _ value: String, fields: [String] = [], timeout: Duration? = nil
  ) async throws -> Row {
    try await row(of: .with { ($0.column, $0.value, $0.fields) = (column, value, fields) }, timeout)
  }

  /// Returns the whole reply to a Get request: the row and the warnings about it.
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

  /// Returns one page of the rows that a request selects. A page has 10 rows unless the request sets a limit, at most
  /// 100.
  public func list(_ request: ListRequest = ListRequest(), timeout: Duration? = nil) async throws -> Page<Row> {
    try await page("List", request, timeout)
  }

  /// Returns all rows that a request selects, page by page. Each page is one call, made when the caller asks for the
  /// page.
  ///
  /// The next page is requested by page token, so that no row is skipped or repeated when other rows are added or
  /// deleted in between. A list ordered by distance has no tokens; its next page is requested by number. Totals are
  /// counted only if the request sets `count`.
  ///
  /// - Parameters:
  ///   - request: selects and orders the rows; its page and limit are ignored.
  ///   - limit: the number of rows per page, 1 to 100.
  ///   - timeout: the timeout of each page's call.
  public func pages(_ request: ListRequest = ListRequest(), limit: Int = 100, timeout: Duration? = nil) -> Pages<Row> {
    var first = request
    first.clearPage()
    first.limit = Int32(clamping: limit)
    if !request.hasCount { first.count = .none }
    return Pages { [first] in ListedPages(resource: self, timeout: timeout, next: first) }
  }

  /// Returns all rows that a request selects, with one streaming call. The request's page, limit and count are ignored.
  ///
  /// - Parameter timeout: the timeout of the whole stream; 10 minutes if nil.
  public func export(_ request: ListRequest = ListRequest(), timeout: Duration? = nil) -> Rows<Row> {
    Rows(pages: Pages { ExportedPages(resource: self, request: request, timeout: timeout ?? .seconds(600)) })
  }

  // MARK: Writing

  /// Adds a row. Columns that are absent in `row` get their defaults.
  ///
  /// - Parameters:
  ///   - requestID: identifies the write: a repetition with the same id adds no second row. A random id if nil.
  ///   - dryRun: if true, the daemon checks the request and writes nothing.
  /// - Returns: the row as it was stored, with its id and version.
  /// - Throws: `alreadyExists` if another row has the same value in a unique column; `invalidArgument`, with all
  ///   violations, if the row breaks rules.
  public func create(
    _ row: Row, requestID: String? = nil, dryRun: Bool = false, timeout: Duration? = nil
  ) async throws -> Reply<Row> {
    let payload = try WriteRequest.create(row, requestID: RequestID.orNew(requestID), dryRun: dryRun)
    return try await write("Create", payload, timeout)
  }

  /// Changes the stored row that has the same id as `row`.
  ///
  /// - Parameters:
  ///   - mask: the columns to set; a column of the mask that is absent in `row` becomes NULL. If nil, the columns that
  ///     are present in `row` are set.
  ///   - version: if not nil, the daemon refuses the write with `aborted` unless the stored row has this version.
  ///   - requestID: identifies the write: a repetition with the same id has no second effect. A random id if nil.
  ///   - dryRun: if true, the daemon checks the request and writes nothing.
  /// - Returns: the row after the change.
  public func update(
    _ row: Row, mask: [String]? = nil, version: String? = nil, requestID: String? = nil, dryRun: Bool = false,
    timeout: Duration? = nil
  ) async throws -> Reply<Row> {
    let payload = try WriteRequest.update(
      row, mask: mask, version: version, requestID: RequestID.orNew(requestID), dryRun: dryRun)
    return try await write("Update", payload, timeout)
  }

  /// Deletes the row that has the given id.
  ///
  /// - Parameters:
  ///   - cascade: if true, rows of other tables that refer to the row are deleted, too; if false, the daemon refuses to
  ///     delete a row that others refer to.
  ///   - version: if not nil, the daemon refuses the write with `aborted` unless the stored row has this version.
  ///   - requestID: identifies the write: a repetition with the same id has no second effect. A random id if nil.
  ///   - dryRun: if true, the daemon checks the request and writes nothing.
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

  /// Writes many rows in one call. A row whose natural key is not stored yet is added; otherwise the stored row with
  /// that key is changed if it differs.
  ///
  /// - Parameters:
  ///   - rows: at most 10,000 rows, and 4 MiB once encoded.
  ///   - mask: the columns to set in all rows; if nil, the columns that are present in each row are set.
  ///   - onError: `.abort` writes all rows or none; `.skip` writes the valid rows and returns the indexes of the
  ///     others, with their violations.
  ///   - requestID: identifies the batch: a repetition with the same id has no second effect. A random id if nil.
  ///   - dryRun: if true, the daemon checks the request and writes nothing.
  ///   - timeout: the timeout of the call; 10 minutes if nil.
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

  /// Calls a method of this table that reads, and decodes its reply, which may have several rows.
  func page<Found>(_ method: String, _ request: some Message, _ timeout: Duration?) async throws -> Page<Found> {
    let bytes = try await call(method, request, timeout, .read)
    return try readable("\(service)/\(method)", .read) { try Page(bytes) }
  }

  /// Calls a method of this table that writes one row, and decodes its reply. The payload must contain a request id,
  /// because the call may be repeated.
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
