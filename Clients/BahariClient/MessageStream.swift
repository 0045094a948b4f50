/// The encoded messages of a streaming call, in the order in which the daemon sent them.
///
/// To be iterated once, by one task. The call is made with the first `next()`; letting go of the
/// iterator, or cancelling the task, ends it.
public struct MessageStream: AsyncSequence, Sendable {
  /// One encoded message, at most 4 MiB.
  public typealias Element = [UInt8]
  let path: String
  let request: CallRequest

  /// Starts a call of its own; it is made with the first `next()`.
  public func makeAsyncIterator() -> Iterator { Iterator(path: path, request: request) }

  /// Takes the messages of one call.
  public struct Iterator: AsyncIteratorProtocol {
    let path: String
    let request: CallRequest
    private var opened: OpenStream?
    private var isAtEnd = false

    init(path: String, request: CallRequest) {
      self.path = path
      self.request = request
    }

    /// The next message, nil at the end.
    ///
    /// - Throws: `BahariError`, or `CancellationError` when the task was cancelled.
    public mutating func next() async throws -> [UInt8]? {
      guard !isAtEnd else { return nil }
      do {
        let stream: OpenStream
        if let opened {
          stream = opened
        } else {
          stream = try await OpenStream(path: path, request: request)
          opened = stream
        }
        if let message = try await stream.next() { return message }
      } catch {
        end()
        throw error
      }
      end()
      return nil
    }

    private mutating func end() {
      isAtEnd = true
      opened = nil
    }
  }
}

/// A streaming call on a connection of its own; releasing it closes the connection, which cancels the call.
private final class OpenStream: Sendable {
  private let link: Link
  private let ticket: UInt64

  init(path: String, request: CallRequest) async throws {
    link = Link(path: path)
    ticket = try await link.open(request)
  }

  func next() async throws -> [UInt8]? { try await link.next(ticket) }
}
