import BahariFrame
import Dispatch

/// One connection to the daemon and the calls on it.
///
/// Connects when the first call is made, and again after a loss. Its executor is the serial queue on which the socket's
/// sources fire, so all of its code runs on one queue at a time; nothing blocks on the socket.
actor Link {
  /// Below the daemon's default limit of 1,024, so that the daemon refuses none of them.
  static let mostCallsInFlight = 1_000
  /// Bytes that wait to be sent, beyond which no further call is turned into a frame: a call without a frame can be
  /// withdrawn without the daemon noticing.
  static let outboxLimit = 65_536
  /// Bytes of messages that wait to be taken, beyond which the socket is not read.
  static let undeliveredLimit = 4_194_304
  /// How long to wait, in nanoseconds, for the daemon's own answer to a deadline that has passed.
  static let grace: UInt64 = 250_000_000
  /// The offset of a frame's type in its header.
  static let typeOffset = 8
  /// Overwrites the type, the flags and the first two bytes of data of a frame that is withdrawn. 0x7f is a frame type
  /// that the protocol does not use and servers ignore.
  static let voidType: UInt32 = 0x7f00_0000

  enum State {
    /// Not connected. The next call connects.
    case idle
    /// Not connected, and a timer runs that connects.
    case backingOff
    case connected(SocketPort)
    /// Closed by the owner. No call is accepted.
    case closed
  }

  let path: String
  let executor: QueueExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  var state = State.idle
  var backoff = Backoff()
  /// When the daemon last accepted a connection, shared by the links of a client.
  nonisolated let reachability: Reachability
  /// Why the last attempt to connect failed, for the message of a deadline.
  var lastRefusal: String?

  var calls = CallTable()
  /// The frames that wait to be sent.
  let outbox = WireWriter(capacity: 16_384)
  /// All bytes of this connection that the socket accepted; the place of a call's frame is counted in them.
  var sentBytes: UInt64 = 0
  var flushIsScheduled = false
  var decoder = FrameDecoder()
  var inbox = ReceiveBuffer()
  /// When the timer for deadlines fires, as uptime in nanoseconds; nil if it is not set.
  var nextScan: UInt64?

  init(path: String, reachability: Reachability = Reachability()) {
    self.path = path
    self.reachability = reachability
    executor = QueueExecutor(label: "bahari.link")
  }

  // MARK: Calls

  /// Makes a call with one reply.
  func unary(_ request: CallRequest) async throws -> [UInt8] {
    let reply = try await next(open(request))
    guard let reply else { throw BahariError(.internal, "\(request.name) ended without a reply", outcome: .unknown) }
    return reply
  }

  /// Begins a call and returns its ticket.
  ///
  /// - Throws: only errors that are known without the daemon.
  func open(_ request: CallRequest) throws -> UInt64 {
    // A call of a cancelled task is never sent, so that its write certainly did not take place.
    try Task.checkCancellation()
    if case .closed = state {
      throw BahariError(.unavailable, "\(request.name) was called on a client that is closed")
    }
    guard request.size <= FrameLimits.data else { throw CallError.tooLarge(request) }
    guard request.deadline > Clock.now else { throw late(request, "was made after its deadline") }
    let call = calls.add(request)
    advance()
    scheduleScan(at: request.deadline)
    return call.ticket
  }

  /// Returns the next message of a call; nil at its end. Cancelling the task cancels the call.
  func next(_ ticket: UInt64) async throws -> [UInt8]? {
    guard let call = calls[ticket] else { return nil }
    let message: [UInt8]?
    do {
      message = try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { calls.take(from: call, $0) }
      } onCancel: {
        executor.queue.async { self.assumeIsolated { $0.cancel(ticket) } }
      }
    } catch {
      calls.forget(ticket)
      throw error
    }
    if message == nil || !call.request.streams { calls.forget(ticket) }
    resumeReadingIfTaken()
    return message
  }

  /// Ends a call that its caller cancelled.
  func cancel(_ ticket: UInt64) {
    guard let call = calls[ticket], call.end == nil else { return }
    giveUp(call, with: CancellationError())
  }

  /// Closes the connection; calls in flight and waiting calls end with an error.
  func close() {
    let left = calls.unfinished
    state = .closed
    for call in left { calls.finish(call, .failure(lost(call, "the client was closed"))) }
  }

  func giveUp(_ call: Call, with error: any Error) {
    withdraw(call)
    calls.finish(call, .failure(error))
    advance()
  }

  /// Withdraws a call that is not sent yet; for one that is partly or wholly sent, asks the daemon to cancel it.
  private func withdraw(_ call: Call) {
    guard call.stream != 0, case .connected = state else { return }
    if call.frame.lowerBound >= sentBytes {
      let start = Int(call.frame.lowerBound - sentBytes)
      outbox.overwrite(at: start + Self.typeOffset, bigEndian: Self.voidType)
    } else {
      outbox.frame(stream: call.stream, type: .cancel) {}
      scheduleFlush()
    }
  }
}
