import SwiftProtobuf

/// A source of pages: a list or an export.
protocol PageSource<Row> {
  associatedtype Row: Message & Sendable
  mutating func next() async throws -> Page<Row>?
}

/// Pages of a list, each by a call of its own.
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
      // A list by distance has no page tokens: it continues by page number.
      following.page = (request.hasPage ? request.page : 1) + 1
      return page.data.count == request.limit ? following : nil
    }
    guard page.pagination.hasNextPageToken else { return nil }
    following.pageToken = page.pagination.nextPageToken
    guard following.pageToken != request.pageToken else {
      throw BahariError(.internal, "\(resource.service)/List returned the page token that it was called with")
    }
    return following
  }
}

/// Pages of an export: the messages of one stream.
struct ExportedPages<Row: Message & Sendable>: PageSource {
  private let service: String
  private var messages: MessageStream.Iterator
  /// Why the request could not be encoded.
  private let encodingError: (any Error)?

  init(resource: Resource<Row>, request: ListRequest, timeout: Duration) {
    service = resource.service
    var payload: [UInt8] = []
    do {
      payload = try request.serializedBytes()
      encodingError = nil
    } catch {
      encodingError = error
    }
    messages = resource.client.serverStream(
      service: service, method: "Export", payload: payload, timeout: timeout
    ).makeAsyncIterator()
  }

  mutating func next() async throws -> Page<Row>? {
    if let encodingError { throw encodingError }
    guard let bytes = try await messages.next() else { return nil }
    return try readable("\(service)/Export", .read) { try Page(bytes) }
  }
}
