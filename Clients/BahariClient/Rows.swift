import SwiftProtobuf

/// The rows of a list or an export, fetched page by page. At most one page and about 4 MiB of received messages are
/// held in memory. Use an iterator in one task only; every new iterator starts with the first row.
public struct Rows<Row: Message & Sendable>: AsyncSequence, Sendable {
  /// One row.
  public typealias Element = Row
  /// The same rows, grouped in pages and with the warnings about them.
  public let pages: Pages<Row>

  /// Returns an iterator that starts with the first row. No call is made before `next()`.
  public func makeAsyncIterator() -> Iterator { Iterator(pages: pages.makeAsyncIterator()) }

  /// Returns the rows one by one.
  public struct Iterator: AsyncIteratorProtocol {
    private var pages: Pages<Row>.Iterator
    private var page: [Row] = []
    private var index = 0

    init(pages: Pages<Row>.Iterator) { self.pages = pages }

    /// Returns the next row; nil after the last row and after an error.
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
