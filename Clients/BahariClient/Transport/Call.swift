/// One call of a link, from its first wait to its end. Belongs to the link's actor.
final class Call {
  let request: CallRequest
  let ticket: UInt64
  /// 0 while the call waits for its turn.
  var stream: UInt32 = 0
  /// The place of the call's frame in the connection's bytes, once it has a stream.
  var frame: Range<UInt64> = 0..<0
  /// How the call ended; the first end counts.
  private(set) var end: Result<Void, any Error>?
  /// Messages of the reply that nobody has taken yet: a queue over an array with a moving head.
  private var messages: [[UInt8]] = []
  private var head = 0
  private var waiter: CheckedContinuation<[UInt8]?, any Error>?

  /// What a waiting message costs beside its bytes, so that empty ones are bounded too.
  static let messageOverhead = 64

  init(_ request: CallRequest, ticket: UInt64) {
    self.request = request
    self.ticket = ticket
  }

  /// Bytes of all messages that wait to be taken.
  private(set) var undelivered = 0

  func deliver(_ message: [UInt8]) {
    if let waiter {
      self.waiter = nil
      waiter.resume(returning: message)
    } else {
      messages.append(message)
      undelivered += message.count + Self.messageOverhead
    }
  }

  func finish(_ result: Result<Void, any Error>) {
    guard end == nil else { return }
    end = result
    // Without an error the messages that came before the end are still to be taken.
    if let waiter {
      self.waiter = nil
      waiter.resume(with: result.map { nil })
    }
  }

  /// The next message, nil at the end; or leaves the continuation waiting.
  func take(_ continuation: CheckedContinuation<[UInt8]?, any Error>) {
    if head < messages.count {
      let message = messages[head]
      messages[head] = []
      head += 1
      if head == messages.count { (messages, head) = ([], 0) }
      undelivered -= message.count + Self.messageOverhead
      continuation.resume(returning: message)
    } else if let end {
      continuation.resume(with: end.map { nil })
    } else {
      precondition(waiter == nil, "one task at a time takes the messages of a call")
      waiter = continuation
    }
  }

  /// Forgets the messages that nobody will take.
  func dropMessages() {
    messages = []
    head = 0
    undelivered = 0
  }
}
