/// The encoded messages of a streaming call, in the order in which the daemon sent them.
///
/// Iterate over the stream once, in one task. The call starts with the first `next()`. It is cancelled when the
/// iterator is released or the task is cancelled.
public struct MessageStream: AsyncSequence, Sendable {
  /// One encoded message, at most 4 MiB.
  public typealias Element = [UInt8]
  let attempts: Int
  /// Returns a new connection that only this stream uses, and the request to send on it.
  let prepare: @Sendable () -> (Link, CallRequest)

  /// Returns an iterator for a new call. The call is sent with the first `next()`.
  public func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

  /// Returns the messages of one streaming call, one by one.
  public struct Iterator: AsyncIteratorProtocol {
    private enum State {
      case new(MessageStream)
      case open(OpenStream)
      case ended
    }
    private var state: State

    init(stream: MessageStream) { state = .new(stream) }

    /// Returns the next message; nil at the end of the stream and after an error.
    ///
    /// - Throws: `BahariError`, or `CancellationError` when the task was cancelled.
    public mutating func next() async throws -> [UInt8]? {
      let current = state
      state = .ended
      switch current {
      case .ended: return nil
      case .open(let stream):
        guard let message = try await stream.next() else { return nil }
        state = current
        return message
      case .new(let stream):
        let (link, request) = stream.prepare()
        var retry = Retry(request, attempts: stream.attempts)
        let (opened, first) = try await retry.run {
          let opened = OpenStream(link: link, ticket: try await link.open(request))
          return (opened, try await opened.next())
        }
        guard let first else { return nil }
        state = .open(opened)
        return first
      }
    }
  }
}

/// A streaming call that was sent on a connection without other calls. Releasing the value closes the connection, which
/// cancels the call.
private struct OpenStream: Sendable {
  let link: Link
  let ticket: UInt64

  func next() async throws -> [UInt8]? { try await link.next(ticket) }
}
