import BahariFrame
import Dispatch
import Glibc

/// One connection to the daemon and the calls on it.
///
/// Connects when the first call comes and again after a loss. Its executor is a serial queue on which
/// the socket's sources fire, so every line here runs alone; nothing waits for the socket.
actor Link {
  /// Below the daemon's 1,024, so that it never has to refuse one.
  static let mostCallsInFlight = 1_000
  /// Calls are turned into frames only while less than this waits to be sent, in bytes.
  static let outboxLimit = 1_048_576
  /// Stream messages that nobody has taken: beyond this the socket is not read, in bytes.
  static let undeliveredLimit = 4_194_304
  /// The daemon's own answer to a passed deadline is waited for this long, in nanoseconds.
  static let grace: UInt64 = 250_000_000

  enum State {
    case idle
    case backingOff
    case connected(SocketPort)
  }

  let path: String
  let executor: QueueExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  var state = State.idle
  var backoff = Backoff()
  var isClosed = false

  /// Every call that has not been taken to its end, by ticket.
  var calls: [UInt64: Call] = [:]
  var lastTicket: UInt64 = 0
  /// Calls that have no stream yet, in their order.
  var waiting = CallQueue()
  /// Calls that were sent, by stream.
  var inFlight: [UInt32: Call] = [:]
  var lastStream: UInt32 = UInt32.max

  let outbox = WireWriter(capacity: 16_384)
  /// All bytes of this connection that the socket took.
  var sentBytes: UInt64 = 0
  var flushIsDue = false
  var decoder = FrameDecoder()
  var inbox = ReceiveBuffer()
  /// Bytes of replies that nobody has taken yet.
  var undelivered = 0
  var nextScan: UInt64?

  init(path: String) {
    self.path = path
    executor = QueueExecutor(label: "bahari.link")
  }

  // MARK: Calls

  /// Makes a call that has one reply.
  func unary(_ request: CallRequest) async throws -> [UInt8] {
    let reply = try await next(open(request))
    guard let reply else { throw BahariError(.internal, "\(request.name) ended without a reply", outcome: .unknown) }
    return reply
  }

  /// Opens a call and returns its ticket; throws only what can be said without the daemon.
  func open(_ request: CallRequest) throws -> UInt64 {
    // A task that is cancelled by now sends nothing, so that its write has certainly not happened.
    try Task.checkCancellation()
    guard !isClosed else { throw BahariError(.unavailable, "\(request.name) was called on a client that is closed") }
    guard request.size <= FrameLimits.data else {
      throw BahariError(
        .resourceExhausted,
        "the request of \(request.name) has \(request.payload.count) bytes and a frame holds "
          + "\(FrameLimits.data): send it in parts")
    }
    lastTicket += 1
    let call = Call(request, ticket: lastTicket, deadline: Clock.now &+ Clock.nanoseconds(request.timeout))
    calls[call.ticket] = call
    waiting.append(call)
    advance()
    scheduleScan(at: call.deadline)
    return call.ticket
  }

  /// The next message of a call; nil at its end. A cancelled task cancels the call.
  func next(_ ticket: UInt64) async throws -> [UInt8]? {
    guard let call = calls[ticket] else { return nil }
    let message: [UInt8]?
    do {
      message = try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { take(from: call, $0) }
      } onCancel: {
        executor.queue.async { self.assumeIsolated { $0.cancel(ticket) } }
      }
    } catch {
      forget(ticket)
      throw error
    }
    if message == nil || !call.request.streams { forget(ticket) }
    readAgainIfTaken()
    return message
  }

  func forget(_ ticket: UInt64) {
    guard let call = calls.removeValue(forKey: ticket) else { return }
    undelivered -= call.undelivered
    call.dropMessages()
  }

  /// Ends a call that its caller gave up.
  func cancel(_ ticket: UInt64) {
    guard let call = calls[ticket], call.end == nil else { return }
    giveUp(call, with: CancellationError())
  }

  /// Forgets a call whose messages nobody will take.
  func abandon(_ ticket: UInt64) {
    cancel(ticket)
    forget(ticket)
    readAgainIfTaken()
  }

  /// Closes the connection; calls in flight end with an error.
  func close() {
    isClosed = true
    let left = Array(calls.values)
    state = .idle
    for call in left { finish(call, .failure(lossError(call, "the client was closed"))) }
  }

  func giveUp(_ call: Call, with error: any Error) {
    if call.stream != 0, case .connected = state {
      outbox.frame(stream: call.stream, type: .cancel) {}
      flushSoon()
    }
    finish(call, .failure(error))
    advance()
  }

  func finish(_ call: Call, _ result: Result<Void, any Error>) {
    if call.stream != 0 {
      inFlight[call.stream] = nil
      call.stream = 0
    }
    call.finish(result)
  }
}
