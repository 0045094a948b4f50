import SwiftProtobuf

/// The pages of a list. Each page is the reply of one List call.
struct ListedPages<Row: Message & Sendable>: PageSource {
  let resource: Resource<Row>
  let timeout: Duration?
  /// The request for the next page; nil after the last page.
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
      // Replies to a list ordered by distance have no page token; the next page is requested by its number.
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
