/// The calls of a link: those that wait to be sent, those in flight by stream, and those that have ended while messages
/// of their replies still wait to be taken.
struct CallTable {
  /// Every call whose last message has not been taken yet, by ticket.
  private var calls: [UInt64: Call] = [:]
  private var lastTicket: UInt64 = 0
  /// Calls without a stream, in the order in which they were made.
  private var waiting = CallQueue()
  /// Calls with a stream.
  private(set) var inFlight: [UInt32: Call] = [:]
  private var lastStream = UInt32.max
  /// The highest stream used on the current connection. A frame beyond it answers no call.
  private(set) var highestStream: UInt32 = 0
  /// Bytes of messages that wait to be taken.
  private(set) var undelivered = 0

  var count: Int { calls.count }
  var waitingCount: Int { waiting.count }
  /// The calls that have not ended.
  var unfinished: [Call] { calls.values.filter { $0.end == nil } }

  subscript(_ ticket: UInt64) -> Call? { calls[ticket] }

  // MARK: From the caller to a stream

  /// Adds a call at the end of those that wait.
  mutating func add(_ request: CallRequest) -> Call {
    lastTicket += 1
    let call = Call(request, ticket: lastTicket)
    calls[call.ticket] = call
    waiting.append(call)
    return call
  }

  /// Whether a call waits to be sent. Drops calls that ended while they waited, so that they open no connection.
  mutating func hasWaiting() -> Bool {
    waiting.dropFinished()
    return !waiting.isEmpty
  }

  /// Removes and returns the first call that waits.
  mutating func nextWaiting() -> Call? { waiting.popFirst() }

  /// Removes and returns all calls that wait, in order.
  mutating func removeWaiting() -> [Call] { waiting.removeAll() }

  /// Gives a call a stream that no call in flight uses.
  mutating func begin(_ call: Call) {
    repeat { lastStream &+= 2 } while inFlight[lastStream] != nil
    call.stream = lastStream
    highestStream = max(highestStream, lastStream)
    inFlight[lastStream] = call
  }

  /// Puts a call that was not completely sent before all that wait; its connection is gone.
  mutating func requeue(_ call: Call) {
    inFlight[call.stream] = nil
    call.stream = 0
    waiting.prepend(call)
  }

  /// Streams are counted per connection.
  mutating func connected() { highestStream = 0 }

  // MARK: From the reply to the caller

  mutating func deliver(_ message: [UInt8], to call: Call) {
    undelivered -= call.undelivered
    call.deliver(message)
    undelivered += call.undelivered
  }

  mutating func take(from call: Call, _ continuation: CheckedContinuation<[UInt8]?, any Error>) {
    undelivered -= call.undelivered
    call.take(continuation)
    undelivered += call.undelivered
  }

  /// Ends a call; only its first end counts.
  mutating func finish(_ call: Call, _ result: Result<Void, any Error>) {
    if call.stream != 0 {
      inFlight[call.stream] = nil
      call.stream = 0
    } else if call.end == nil {
      waiting.noteEnd()
    }
    call.finish(result)
  }

  /// Drops a call with its messages.
  mutating func forget(_ ticket: UInt64) {
    guard let call = calls.removeValue(forKey: ticket) else { return }
    undelivered -= call.undelivered
    call.dropMessages()
  }
}
