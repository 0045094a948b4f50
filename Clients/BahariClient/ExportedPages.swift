import SwiftProtobuf

/// The pages of an export. Each page is one message of the stream with which the daemon replies.
struct ExportedPages<Row: Message & Sendable>: PageSource {
  private let service: String
  private var messages: MessageStream.Iterator
  /// The error with which encoding the request failed, thrown by `next()`; nil if the request was encoded.
  private let encodingError: (any Error)?

  init(resource: Resource<Row>, request: ListRequest, timeout: Duration) {
    service = resource.service
    var payload: [UInt8] = []
    do {
      payload = try request.serializedBytes()
      encodingError = nil
    } catch {
      encodingError = error
    }
    messages = resource.client.serverStream(
      service: service, method: "Export", payload: payload, timeout: timeout
    ).makeAsyncIterator()
  }

  mutating func next() async throws -> Page<Row>? {
    if let encodingError { throw encodingError }
    guard let bytes = try await messages.next() else { return nil }
    return try readable("\(service)/Export", .read) { try Page(bytes) }
  }
}
