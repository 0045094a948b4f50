import SwiftProtobuf

/// The pages of rows of a list or an export. `next()` fetches one page at a time. Use an iterator in one task only;
/// every new iterator starts with the first page.
public struct Pages<Row: Message & Sendable>: AsyncSequence, Sendable {
  /// One page: rows and the warnings about them. A page of an export has up to 64 KiB of rows and no pagination.
  public typealias Element = Page<Row>
  let begin: @Sendable () -> any PageSource<Row>

  /// The rows of all pages.
  public var rows: Rows<Row> { Rows(pages: self) }

  /// Returns an iterator that starts with the first page. No call is made before `next()`.
  public func makeAsyncIterator() -> Iterator { Iterator(source: begin()) }

  /// Fetches the pages one by one.
  public struct Iterator: AsyncIteratorProtocol {
    /// Fetches the next page; nil after the last page or an error.
    private var source: (any PageSource<Row>)?

    init(source: any PageSource<Row>) { self.source = source }

    /// Returns the next page; nil after the last page and after an error.
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
