import SwiftProtobuf

/// Fetches pages of rows one after the other, either by List calls or by an Export call. `next()` returns nil after the
/// last page.
protocol PageSource<Row> {
  associatedtype Row: Message & Sendable
  mutating func next() async throws -> Page<Row>?
}
