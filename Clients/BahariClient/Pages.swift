import SwiftProtobuf

/// Page after page of rows, each asked for when the one before has been taken. To be iterated by one task; each
/// iteration begins anew.
public struct Pages<Row: Message & Sendable>: AsyncSequence, Sendable {
  /// A page with its warnings; of an export, up to 64 KiB of rows and no pagination.
  public typealias Element = Page<Row>
  let begin: @Sendable () -> any PageSource<Row>

  /// The rows of the pages, one after another.
  public var rows: Rows<Row> { Rows(pages: self) }

  /// Begins with the first page; nothing is called before `next()`.
  public func makeAsyncIterator() -> Iterator { Iterator(source: begin()) }

  /// Takes the pages.
  public struct Iterator: AsyncIteratorProtocol {
    /// Nil after the end.
    private var source: (any PageSource<Row>)?

    init(source: any PageSource<Row>) { self.source = source }

    /// The next page, nil at the end; after an error nothing more comes.
    ///
    /// - Throws: `BahariError`, or `CancellationError` when the task was cancelled.
    public mutating func next() async throws -> Page<Row>? {
      guard var source else { return nil }
      self.source = nil
      guard let page = try await source.next() else { return nil }
      self.source = source
      return page
    }
  }
}

/// Rows as they come, page by page; at most a page and 4 MiB wait unread. To be iterated by one task; each iteration
/// begins anew.
public struct Rows<Row: Message & Sendable>: AsyncSequence, Sendable {
  /// One row.
  public typealias Element = Row
  /// The same rows with the warnings that came with them.
  public let pages: Pages<Row>

  /// Begins with the first row; nothing is called before `next()`.
  public func makeAsyncIterator() -> Iterator { Iterator(pages: pages.makeAsyncIterator()) }

  /// Takes the rows.
  public struct Iterator: AsyncIteratorProtocol {
    private var pages: Pages<Row>.Iterator
    private var page: [Row] = []
    private var index = 0

    init(pages: Pages<Row>.Iterator) { self.pages = pages }

    /// The next row, nil at the end; after an error nothing more comes.
    ///
    /// - Throws: `BahariError`, or `CancellationError` when the task was cancelled.
    public mutating func next() async throws -> Row? {
      while index == page.count {
        guard let following = try await pages.next() else { return nil }
        (page, index) = (following.data, 0)
      }
      defer { index += 1 }
      return page[index]
    }
  }
}

/// Where pages come from.
protocol PageSource<Row> {
  associatedtype Row: Message & Sendable
  mutating func next() async throws -> Page<Row>?
}

/// The pages of a list.
struct ListedPages<Row: Message & Sendable>: PageSource {
  let resource: Resource<Row>
  let timeout: Duration?
  /// The request of the next page; nil after the last.
  var next: ListRequest?

  mutating func next() async throws -> Page<Row>? {
    guard let request = next else { return nil }
    let page = try await resource.list(request, timeout: timeout)
    next = try following(request, page)
    return page
  }

  private func following(_ request: ListRequest, _ page: Page<Row>) throws -> ListRequest? {
    var following = request
    guard !request.hasNear else {
      // Rows by distance have no token.
      following.page = (request.hasPage ? request.page : 1) + 1
      return page.data.count == request.limit ? following : nil
    }
    guard page.pagination.hasNextPageToken else { return nil }
    following.pageToken = page.pagination.nextPageToken
    guard following.pageToken != request.pageToken else {
      throw BahariError(.internal, "\(resource.service)/List names the page that it has given as the next one")
    }
    return following
  }
}

/// The frames of an export.
struct ExportedPages<Row: Message & Sendable>: PageSource {
  private let service: String
  private var messages: MessageStream.Iterator
  private let fault: (any Error)?

  init(resource: Resource<Row>, request: ListRequest, timeout: Duration) {
    service = resource.service
    var payload: [UInt8] = []
    do {
      payload = try request.serializedBytes()
      fault = nil
    } catch {
      fault = error
    }
    messages = resource.client.serverStream(
      service: service, method: "Export", payload: payload, timeout: timeout
    ).makeAsyncIterator()
  }

  mutating func next() async throws -> Page<Row>? {
    if let fault { throw fault }
    guard let bytes = try await messages.next() else { return nil }
    return try readable("\(service)/Export", .read) { try Page(bytes) }
  }
}
