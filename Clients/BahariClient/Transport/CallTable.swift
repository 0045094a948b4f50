/// All calls on one connection (`Link`): calls that wait to be sent, calls in flight, and calls that have ended but
/// whose reply the caller has not taken completely.
struct CallTable {
  /// All calls by ticket, the number that identifies a call on this link. A call is kept until its caller has taken the
  /// last message of the reply.
  private var calls: [UInt64: Call] = [:]
  private var lastTicket: UInt64 = 0
  /// The calls that wait to be sent and have no stream yet, in the order in which they will be sent.
  private var waiting = CallQueue()
  /// The calls that have a stream and have not ended, by stream.
  private(set) var inFlight: [UInt32: Call] = [:]
  private var lastStream = UInt32.max
  /// The highest stream that a call has used on the current connection. The daemon must not send frames on higher
  /// streams.
  private(set) var highestStream: UInt32 = 0
  /// The size in bytes of all received messages that the callers have not taken yet.
  private(set) var undelivered = 0

  var count: Int { calls.count }
  var waitingCount: Int { waiting.count }
  /// The calls that have not ended.
  var unfinished: [Call] { calls.values.filter { $0.end == nil } }

  subscript(_ ticket: UInt64) -> Call? { calls[ticket] }

  // MARK: From the caller to a stream

  /// Creates a call and adds it to the end of the queue of calls that wait to be sent.
  mutating func add(_ request: CallRequest) -> Call {
    lastTicket += 1
    let call = Call(request, ticket: lastTicket)
    calls[call.ticket] = call
    waiting.append(call)
    return call
  }

  /// Returns whether a call waits to be sent. Calls that ended while they waited are removed first, so that no
  /// connection is opened for them.
  mutating func hasWaiting() -> Bool {
    waiting.dropFinished()
    return !waiting.isEmpty
  }

  /// Removes the next call from the queue of calls that wait to be sent, and returns it; nil if none waits.
  mutating func nextWaiting() -> Call? { waiting.popFirst() }

  /// Removes and returns all calls that wait to be sent, in the order in which they would be sent.
  mutating func removeWaiting() -> [Call] { waiting.removeAll() }

  /// Adds a call to those in flight, with a stream that no other call in flight uses.
  mutating func begin(_ call: Call) {
    repeat { lastStream &+= 2 } while inFlight[lastStream] != nil
    call.stream = lastStream
    highestStream = max(highestStream, lastStream)
    inFlight[lastStream] = call
  }

  /// Puts a call that was not completely sent on a lost connection before all calls that wait to be sent.
  mutating func requeue(_ call: Call) {
    inFlight[call.stream] = nil
    call.stream = 0
    waiting.prepend(call)
  }

  /// Resets `highestStream` for a new connection, on which no stream has been used yet.
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

  /// Ends a call with a result. If the call has already ended, its result does not change.
  mutating func finish(_ call: Call, _ result: Result<Void, any Error>) {
    if call.stream != 0 {
      inFlight[call.stream] = nil
      call.stream = 0
    } else if call.end == nil {
      waiting.noteEnd()
    }
    call.finish(result)
  }

  /// Removes a call and the messages that its caller has not taken.
  mutating func forget(_ ticket: UInt64) {
    guard let call = calls.removeValue(forKey: ticket) else { return }
    undelivered -= call.undelivered
    call.dropMessages()
  }
}
