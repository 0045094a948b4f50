import SwiftProtobuf

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
