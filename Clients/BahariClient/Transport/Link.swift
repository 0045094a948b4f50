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
  /// Calls are turned into frames only while less than this waits to be sent, in bytes: a call that has no
  /// frame yet can be given up without a trace.
  static let outboxLimit = 65_536
  /// Stream messages that nobody has taken: beyond this the socket is not read, in bytes.
  static let undeliveredLimit = 4_194_304
  /// The daemon's own answer to a passed deadline is waited for this long, in nanoseconds.
  static let grace: UInt64 = 250_000_000
  /// Where a frame's type is.
  static let typeOffset = 8
  /// Over a frame's type, its flags and the first bytes of its data: a type that the protocol leaves unused and
  /// every server passes over.
  static let voidType: UInt32 = 0x7f00_0000

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
  /// When the daemon was last there, for this link or its siblings.
  nonisolated let reached: Reached
  /// Why the last attempt to connect failed.
  var lastRefusal: String?

  /// Every call that has not been taken to its end, by ticket.
  var calls: [UInt64: Call] = [:]
  var lastTicket: UInt64 = 0
  /// Calls that have no stream yet, in their order.
  var waiting = CallQueue()
  /// Calls that were sent, by stream.
  var inFlight: [UInt32: Call] = [:]
  var lastStream: UInt32 = UInt32.max
  /// The highest stream that this connection has used; an answer beyond it is to nobody's call.
  var highestStream: UInt32 = 0

  let outbox = WireWriter(capacity: 16_384)
  /// All bytes of this connection that the socket took.
  var sentBytes: UInt64 = 0
  var flushIsDue = false
  var decoder = FrameDecoder()
  var inbox = ReceiveBuffer()
  /// Bytes of replies that nobody has taken yet.
  var undelivered = 0
  var nextScan: UInt64?

  init(path: String, reached: Reached = Reached()) {
    self.path = path
    self.reached = reached
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
    guard request.deadline > Clock.now else { throw lateError(request, "was made with no time left") }
    lastTicket += 1
    let call = Call(request, ticket: lastTicket)
    calls[call.ticket] = call
    waiting.append(call)
    advance()
    scheduleScan(at: request.deadline)
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

  /// Closes the connection; calls in flight end with an error.
  func close() {
    isClosed = true
    let left = Array(calls.values)
    state = .idle
    for call in left { finish(call, .failure(lossError(call, "the client was closed"))) }
  }

  func giveUp(_ call: Call, with error: any Error) {
    withdraw(call)
    finish(call, .failure(error))
    advance()
  }

  /// Takes back what the daemon has not been sent of a call; where it has been sent a part, asks it to forget the call.
  private func withdraw(_ call: Call) {
    guard call.stream != 0, case .connected = state else { return }
    if call.frame.lowerBound >= sentBytes {
      let start = Int(call.frame.lowerBound - sentBytes)
      outbox.overwrite(at: start + Self.typeOffset, bigEndian: Self.voidType)
    } else {
      outbox.frame(stream: call.stream, type: .cancel) {}
      flushSoon()
    }
  }

  func finish(_ call: Call, _ result: Result<Void, any Error>) {
    if call.stream != 0 {
      inFlight[call.stream] = nil
      call.stream = 0
    } else if call.end == nil {
      waiting.noteEnd()
    }
    call.finish(result)
  }
}
