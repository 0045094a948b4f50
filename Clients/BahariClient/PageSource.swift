import SwiftProtobuf

/// A source of pages: a list or an export.
protocol PageSource<Row> {
  associatedtype Row: Message & Sendable
  mutating func next() async throws -> Page<Row>?
}
