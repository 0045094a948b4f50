import BahariCall
import BahariFrame

/// The life of one client connection: receives events and returns the actions to perform. Pure: it has no socket, clock
/// or buffer.
///
///     open ── end of file ──▶ halfClosed ── all answered, or the client is gone ──▶ closed
///      │                                                                              ▲ ▲
///      ├── a frame too long to be skipped ──▶ closing ── all sent, or a stall ────────┘ │
///      └── a socket error, or a time or size limit exceeded (from any phase) ───────────┘
struct ConnectionState<Call> {
  enum Phase {
    /// Requests are read and answered. Reading pauses while too many bytes are unsent.
    /// The next phase is `halfClosed` after `endOfFile`, `closing` after `stop`, and `closed` after `close` or a timer.
    case open
    /// The client sends no more but may still read, so calls in flight are answered.
    /// The next phase is `closed`, when no call is in flight and all is sent, or when the client has closed its socket.
    case halfClosed
    /// Nothing more is read, and answers that are already in the send buffer are sent.
    /// The next phase is `closed`, when all is sent; calls that are still in flight then are cancelled.
    case closing
    /// The connection's resources are released, and every event is ignored.
    case closed
  }

  let limits: ServerLimits
  private(set) var phase = Phase.open
  private(set) var streams: StreamTable<Call>
  /// The number of bytes of answers in the send buffer that have not been sent.
  private(set) var unsent = 0
  private var isPaused = false
  /// Whether a part of a frame was read and the rest is still missing.
  private var isMidFrame = false
  private var isWriteWatched = false
  private var isFlushScheduled = false
  /// Whether bytes were read, or a call was in flight, since the idle timer was armed.
  private var wasBusy = false
  /// One bit for each timer, set while the timer is armed.
  private var armed: UInt32 = 0

  init(limits: ServerLimits) {
    self.limits = limits
    streams = StreamTable(limit: limits.callsInFlight)
  }

  var isReading: Bool { phase == .open && !isPaused }

  /// Whether no call is in flight and no bytes wait to be sent.
  var isQuiet: Bool { streams.isEmpty && unsent == 0 }

  /// Whether streaming calls may send more messages. True in the phase `closed` also, so that no stream waits forever:
  /// its messages are discarded then.
  var takesMore: Bool { phase == .closed || unsent < limits.streamHighBytes }

  func isArmed(_ timer: ConnectionTimer) -> Bool { armed & 1 << timer.rawValue != 0 }

  mutating func open() -> ConnectionActions {
    var actions = ConnectionActions.resumeReading
    if limits.idleNanoseconds > 0 { arm(.idle, &actions) }
    return actions
  }

  mutating func close() -> ConnectionActions {
    guard phase != .closed else { return [] }
    phase = .closed
    armed = 0
    return .close
  }

  /// Removes and returns the calls in flight, which `ClientConnection` cancels when it performs `close`.
  mutating func takeCalls() -> [Call] { streams.removeAll() }

  // MARK: Reading

  /// Reports that bytes were read and their frames handled.
  /// - Parameters:
  ///   - frames: Whether a frame was completed, or an oversize frame began that is skipped.
  ///   - isMidFrame: Whether the bytes end in the middle of a frame, also of one that is skipped.
  mutating func read(frames: Bool, isMidFrame: Bool) -> ConnectionActions {
    guard phase != .closed else { return [] }
    wasBusy = true
    self.isMidFrame = isMidFrame
    var actions = ConnectionActions()
    timeFrame(isNew: frames, &actions)
    return actions
  }

  /// Arms or cancels the timer `frame`, which limits the time from a frame's first byte to its last. It is cancelled
  /// while reading is paused.
  private mutating func timeFrame(isNew: Bool, _ actions: inout ConnectionActions) {
    let isAwaited = isReading && isMidFrame
    if isNew || !isAwaited { cancel(.frame, &actions) }
    if isAwaited, !isArmed(.frame) { arm(.frame, &actions) }
  }

  mutating func started(_ call: Call, _ stream: UInt32) { streams.insert(call, stream) }

  /// Reports a frame that is too long to be skipped. The connection ends after the unsent answers are sent.
  mutating func stop() -> ConnectionActions {
    guard phase == .open else { return [] }
    phase = .closing
    return endReading().union(scheduleFlush())
  }

  /// Reports that the client sends no more.
  /// - Parameter isPeerGone: Whether the client has closed its socket, so that it does not read answers either.
  mutating func endOfFile(isPeerGone: Bool) -> ConnectionActions {
    guard phase == .open else { return [] }
    phase = .halfClosed
    let actions = endReading()
    let next = stayHalfClosed(isPeerGone)
    return next == .close ? next : actions.union(next)
  }

  private mutating func endReading() -> ConnectionActions {
    var actions = ConnectionActions.endReading
    cancel(.frame, &actions)
    return actions
  }

  private mutating func stayHalfClosed(_ isPeerGone: Bool) -> ConnectionActions {
    guard !isPeerGone, !isQuiet else { return close() }
    var actions = ConnectionActions()
    arm(.hangup, &actions)
    return actions
  }

  // MARK: Writing

  /// Reports that a frame was written into the send buffer, which now has `unsent` bytes to be sent.
  mutating func wrote(unsent: Int) -> ConnectionActions {
    guard phase != .closed else { return [] }
    self.unsent = unsent
    return scheduleFlush()
  }

  /// Reports that the last frame of a call was written into the send buffer, which now has `unsent` bytes to be sent.
  mutating func finished(_ stream: UInt32, unsent: Int) -> ConnectionActions {
    streams.remove(stream)
    return wrote(unsent: unsent)
  }

  private mutating func scheduleFlush() -> ConnectionActions {
    guard !isFlushScheduled else { return [] }
    isFlushScheduled = true
    return .flush
  }

  /// Reports the end of an event for which `flush` was returned. `ClientConnection` sends the unsent bytes directly
  /// afterwards.
  mutating func eventEnded() { isFlushScheduled = false }

  /// Reports an attempt to send. `hasSent` is whether the socket accepted any bytes; `unsent` bytes remain.
  mutating func flushed(hasSent: Bool, unsent: Int) -> ConnectionActions {
    guard phase != .closed else { return [] }
    self.unsent = unsent
    if unsent > limits.outMaximumBytes || (unsent == 0 && endsWhenSent) { return close() }
    var actions = ConnectionActions()
    if unsent == 0 { drained(&actions) } else { blocked(hasSent, &actions) }
    throttle(&actions)
    if takesMore { actions.insert(.wake) }
    return actions
  }

  private var endsWhenSent: Bool { phase == .closing || (phase == .halfClosed && streams.isEmpty) }

  private mutating func drained(_ actions: inout ConnectionActions) {
    if isWriteWatched { actions.insert(.ignoreWriting) }
    isWriteWatched = false
    actions.insert(.shrink)
    cancel(.stall, &actions)
  }

  /// Arms the timer `stall`. It counts from the last time that the socket accepted bytes.
  private mutating func blocked(_ hasSent: Bool, _ actions: inout ConnectionActions) {
    if !isWriteWatched { actions.insert(.watchWriting) }
    isWriteWatched = true
    if hasSent { cancel(.stall, &actions) }
    if !isArmed(.stall) { arm(.stall, &actions) }
  }

  /// Pauses reading from a client that does not read its answers, and resumes it when enough has been sent.
  private mutating func throttle(_ actions: inout ConnectionActions) {
    let mustPause = unsent > limits.outHighBytes
    guard phase == .open, isPaused != mustPause else { return }
    isPaused = mustPause
    actions.insert(mustPause ? .pauseReading : .resumeReading)
    timeFrame(isNew: true, &actions)
  }

  // MARK: Time

  /// Reports that `timer` has fired.
  /// - Parameter isPeerGone: Whether the client has closed its socket; always false unless the timer is `hangup`.
  mutating func fired(_ timer: ConnectionTimer, isPeerGone: Bool) -> ConnectionActions {
    guard isArmed(timer) else { return [] }
    armed &= ~(1 << timer.rawValue)
    switch timer {
    case .idle: return lookForIdleness()
    case .frame, .stall: return close()
    case .hangup: return stayHalfClosed(isPeerGone)
    }
  }

  /// Closes an idle connection. Calls do not restart the idle timer, to keep them cheap, so a connection is closed
  /// between one and two idle times after its last call.
  private mutating func lookForIdleness() -> ConnectionActions {
    guard wasBusy || !isQuiet else { return close() }
    wasBusy = !isQuiet
    var actions = ConnectionActions()
    arm(.idle, &actions)
    return actions
  }

  private mutating func arm(_ timer: ConnectionTimer, _ actions: inout ConnectionActions) {
    armed |= 1 << timer.rawValue
    actions.insert(.arm(timer))
  }

  private mutating func cancel(_ timer: ConnectionTimer, _ actions: inout ConnectionActions) {
    guard isArmed(timer) else { return }
    armed &= ~(1 << timer.rawValue)
    actions.insert(.cancel(timer))
  }
}
