/// The state of one call on a connection (`Link`), kept until the caller has taken the reply's last message. Only the
/// actor `Link` uses it.
final class Call {
  let request: CallRequest
  let ticket: UInt64
  /// The stream that the call uses on the connection; 0 while the call waits to be sent and after it has ended.
  var stream: UInt32 = 0
  /// The range of the call's request frame, counted in all bytes sent on the connection; valid only while `stream` is
  /// not 0.
  var frame: Range<UInt64> = 0..<0
  /// The call's result; nil while the call has not ended. Once set, it does not change.
  private(set) var end: Result<Void, any Error>?
  /// The reply's messages; those from the index `head` on have not been taken by the caller yet.
  private var messages: [[UInt8]] = []
  private var head = 0
  private var waiter: CheckedContinuation<[UInt8]?, any Error>?

  /// The bytes that `undelivered` counts for each message in addition to its length, so that the number of empty
  /// messages is bounded, too.
  static let messageOverhead = 64

  init(_ request: CallRequest, ticket: UInt64) {
    self.request = request
    self.ticket = ticket
  }

  /// The size in bytes of the received messages that the caller has not taken yet, each with `messageOverhead`.
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
    // `messages` is kept: the caller still takes the messages that arrived before the call ended.
    if let waiter {
      self.waiter = nil
      waiter.resume(with: result.map { nil })
    }
  }

  /// Resumes the continuation with the next message, or with the call's result (nil or an error) if the call has ended.
  /// Otherwise keeps the continuation until `deliver` or `finish` resumes it.
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

  /// Whether the whole request frame was sent, given the number of bytes sent on the connection. The daemon cannot have
  /// executed a request that was sent only in part.
  func isSent(_ sentBytes: UInt64) -> Bool { stream != 0 && frame.upperBound <= sentBytes }

  /// Whether at least one byte of the request frame was sent, given the number of bytes sent on the connection. The
  /// rest of such a frame must be sent, too, unless the connection is lost.
  func isPartlySent(_ sentBytes: UInt64) -> Bool { stream != 0 && frame.lowerBound < sentBytes }
}
