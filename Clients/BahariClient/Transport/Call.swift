/// One call of a link, until its last message is taken. Belongs to the link's actor.
final class Call {
  let request: CallRequest
  let ticket: UInt64
  /// 0 while the call waits to be sent, and after its end.
  var stream: UInt32 = 0
  /// The position of the call's frame among all bytes of the connection; valid while the call has a stream.
  var frame: Range<UInt64> = 0..<0
  /// How the call ended; only its first end counts.
  private(set) var end: Result<Void, any Error>?
  /// Messages of the reply that wait to be taken: a queue over an array with a moving head.
  private var messages: [[UInt8]] = []
  private var head = 0
  private var waiter: CheckedContinuation<[UInt8]?, any Error>?

  /// Bytes counted for a waiting message beside its own, so that empty messages are bounded, too.
  static let messageOverhead = 64

  init(_ request: CallRequest, ticket: UInt64) {
    self.request = request
    self.ticket = ticket
  }

  /// Bytes of the messages that wait to be taken.
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
    // Messages that arrived before the end are still delivered.
    if let waiter {
      self.waiter = nil
      waiter.resume(with: result.map { nil })
    }
  }

  /// Resumes with the next message, or nil at the end; without either, the continuation waits for `deliver`.
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

  func dropMessages() {
    messages = []
    head = 0
    undelivered = 0
  }

  // MARK: How much of the request was sent

  /// Whether the whole frame is among the `sentBytes` of the connection. The daemon cannot have executed a request of
  /// which a byte is missing.
  func isSent(_ sentBytes: UInt64) -> Bool { stream != 0 && frame.upperBound <= sentBytes }

  /// Whether a byte of the frame is among the `sentBytes` of the connection: then the rest will be sent, too.
  func isPartlySent(_ sentBytes: UInt64) -> Bool { stream != 0 && frame.lowerBound < sentBytes }
}
