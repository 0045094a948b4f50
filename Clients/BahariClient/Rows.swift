import SwiftProtobuf

/// Rows, read page by page; at most a page and 4 MiB of messages wait unread. Iterate in one task; every iteration
/// starts with the first row.
public struct Rows<Row: Message & Sendable>: AsyncSequence, Sendable {
  /// One row.
  public typealias Element = Row
  /// The same rows with the warnings that came with them.
  public let pages: Pages<Row>

  /// Begins with the first row; no call is made before `next()`.
  public func makeAsyncIterator() -> Iterator { Iterator(pages: pages.makeAsyncIterator()) }

  /// Iterates over the rows.
  public struct Iterator: AsyncIteratorProtocol {
    private var pages: Pages<Row>.Iterator
    private var page: [Row] = []
    private var index = 0

    init(pages: Pages<Row>.Iterator) { self.pages = pages }

    /// Returns the next row; nil at the end and after an error.
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
