import BahariFrame
import Dispatch

/// One connection to the daemon and the calls on it.
///
/// A link connects when its first call is made, and again after the connection was lost. The actor's executor is a
/// serial Dispatch queue, on which the socket's event handlers run, too, so that they can use the actor's state. No
/// code blocks on the socket.
actor Link {
  /// The maximum number of calls in flight on one connection. It is below the daemon's default limit of 1,024, so that
  /// the daemon refuses no call for that reason.
  static let mostCallsInFlight = 1_000
  /// While this many bytes or more wait in the outbox, no further call is encoded into a frame. A call without a frame
  /// can be cancelled without sending anything to the daemon.
  static let outboxLimit = 65_536
  /// While more than this many bytes of received messages have not been taken by their callers, the socket is not read.
  static let undeliveredLimit = 4_194_304
  /// How long after a call's deadline the client still waits for the daemon's reply, in nanoseconds. The daemon replies
  /// with an error when a call's deadline passes.
  static let grace: UInt64 = 250_000_000
  /// The offset in bytes of a frame's type from the start of the frame's header.
  static let typeOffset = 8
  /// Four bytes that overwrite the type, the flags and the first two data bytes of the frame of a call that was
  /// cancelled before the frame was sent. The protocol does not use the frame type 0x7f, and servers ignore it.
  static let voidType: UInt32 = 0x7f00_0000

  enum State {
    /// The link is not connected. The next call makes it connect.
    case idle
    /// The link is not connected, and a timer is set that makes it connect.
    case backingOff
    case connected(SocketPort)
    /// The link's owner closed it. New calls fail.
    case closed
  }

  let path: String
  let executor: QueueExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  var state = State.idle
  var backoff = Backoff()
  /// The time at which the client was last connected to the daemon; all links of the client share it.
  nonisolated let reachability: Reachability
  /// Why the last attempt to connect failed, for the error message of calls whose deadline passes; nil if it did not
  /// fail.
  var lastRefusal: String?

  var calls = CallTable()
  /// The bytes of the frames that wait to be sent.
  let outbox = WireWriter(capacity: 16_384)
  /// The number of bytes that the socket has accepted since the link connected. A call's `frame` is a range of these
  /// bytes.
  var sentBytes: UInt64 = 0
  var flushIsScheduled = false
  var decoder = FrameDecoder()
  var inbox = ReceiveBuffer()
  /// The time at which the timer for deadlines fires, as uptime in nanoseconds; nil if the timer is not set.
  var nextScan: UInt64?

  init(path: String, reachability: Reachability = Reachability()) {
    self.path = path
    self.reachability = reachability
    executor = QueueExecutor(label: "bahari.link")
  }

  // MARK: Calls

  /// Sends a call that has one reply, and returns the encoded reply.
  func unary(_ request: CallRequest) async throws -> [UInt8] {
    let reply = try await next(open(request))
    guard let reply else { throw BahariError(.internal, "\(request.name) ended without a reply", outcome: .unknown) }
    return reply
  }

  /// Begins a call and returns the ticket with which `next` takes the call's messages.
  ///
  /// - Throws: only errors that the client detects itself, such as a passed deadline or a request that is too large.
  func open(_ request: CallRequest) throws -> UInt64 {
    // A call of a task that is already cancelled is never sent, so that its write certainly does not take place.
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

  /// Waits for a call's next message and returns it; nil after the last message. Cancelling the task cancels the call.
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

  /// Ends a call with `CancellationError`, unless it has already ended.
  func cancel(_ ticket: UInt64) {
    guard let call = calls[ticket], call.end == nil else { return }
    giveUp(call, with: CancellationError())
  }

  /// Closes the connection for good. Calls in flight and calls that wait to be sent fail with `unavailable`.
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

  /// Prevents the daemon from executing a call that has ended. If no byte of its frame was sent, overwrites the frame
  /// so that the daemon ignores it; otherwise asks the daemon to cancel the call.
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
