import SwiftProtobuf

/// The pages of a list or an export; each is requested when the one before has been consumed. Iterate in one task; every
/// iteration starts with the first page.
public struct Pages<Row: Message & Sendable>: AsyncSequence, Sendable {
  /// A page with its warnings. A page of an export has up to 64 KiB of rows and no pagination.
  public typealias Element = Page<Row>
  let begin: @Sendable () -> any PageSource<Row>

  /// The rows of all pages.
  public var rows: Rows<Row> { Rows(pages: self) }

  /// Begins with the first page; no call is made before `next()`.
  public func makeAsyncIterator() -> Iterator { Iterator(source: begin()) }

  /// Iterates over the pages.
  public struct Iterator: AsyncIteratorProtocol {
    /// Nil after the end.
    private var source: (any PageSource<Row>)?

    init(source: any PageSource<Row>) { self.source = source }

    /// Returns the next page; nil at the end and after an error.
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
