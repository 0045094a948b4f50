import SwiftProtobuf

/// Pages of an export: the messages of one stream.
struct ExportedPages<Row: Message & Sendable>: PageSource {
  private let service: String
  private var messages: MessageStream.Iterator
  /// Why the request could not be encoded.
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
