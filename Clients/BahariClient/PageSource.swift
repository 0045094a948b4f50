import SwiftProtobuf

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
