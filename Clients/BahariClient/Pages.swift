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
