import BahariCall
import BahariFrame

/// The life of one client connection: events in, actions out. Pure: no socket, no clock, no buffer.
///
///     open ── end of file ──▶ halfClosed ── all answered, or the client is gone ──▶ closed
///      │                                                                              ▲ ▲
///      ├── a frame that cannot be skipped ──▶ closing ── all sent, or a stall ────────┘ │
///      └── an error of the socket, a time or a limit that is passed (from any phase) ───┘
struct ConnectionState<Call> {
  enum Phase {
    /// Requests are read and answered; reading pauses while too many bytes are unsent.
    /// To `halfClosed` by `endOfFile`, to `closing` by `stop`, to `closed` by `close` and the timers.
    case open
    /// The client sends no more and may still read: calls in flight are answered.
    /// To `closed` when no call is in flight and all is sent, or when the client has closed its socket for good.
    case halfClosed
    /// Nothing is read any more, answers already written are sent.
    /// To `closed` when all is sent; calls that are still in flight then are cancelled.
    case closing
    /// Released; every event is ignored.
    case closed
  }

  let limits: ServerLimits
  private(set) var phase = Phase.open
  private(set) var streams: StreamTable<Call>
  /// Bytes of answers that have been written into the buffer and not sent.
  private(set) var unsent = 0
  private var isPaused = false
  /// Part of a frame has come.
  private var isMidFrame = false
  private var isWriteWatched = false
  private var isFlushScheduled = false
  /// Something was read, or a call was in flight, since the idle timer was armed.
  private var wasBusy = false
  /// One bit for each timer that is armed.
  private var armed: UInt32 = 0

  init(limits: ServerLimits) {
    self.limits = limits
    streams = StreamTable(limit: limits.callsInFlight)
  }

  var isReading: Bool { phase == .open && !isPaused }

  /// No call is in flight and nothing waits to be sent.
  var isQuiet: Bool { streams.isEmpty && unsent == 0 }

  /// A stream may go on; also after the end, when nothing it sends is kept.
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

  /// The calls in flight, which the driver cancels as part of `close`.
  mutating func takeCalls() -> [Call] { streams.removeAll() }

  // MARK: Reading

  /// Bytes have been read and their frames handled.
  /// - Parameters:
  ///   - frames: At least one frame ended or was begun to be skipped.
  ///   - isMidFrame: Part of a frame is left, or the frame being skipped has not ended.
  mutating func read(frames: Bool, isMidFrame: Bool) -> ConnectionActions {
    guard phase != .closed else { return [] }
    wasBusy = true
    self.isMidFrame = isMidFrame
    var actions = ConnectionActions()
    timeFrame(isNew: frames, &actions)
    return actions
  }

  /// The time of a frame counts from its beginning, not from its last byte, and not while reading is paused.
  private mutating func timeFrame(isNew: Bool, _ actions: inout ConnectionActions) {
    let isAwaited = isReading && isMidFrame
    if isNew || !isAwaited { cancel(.frame, &actions) }
    if isAwaited, !isArmed(.frame) { arm(.frame, &actions) }
  }

  mutating func started(_ call: Call, _ stream: UInt32) { streams.insert(call, stream) }

  /// A frame came that is too long to be skipped: the end of the connection.
  mutating func stop() -> ConnectionActions {
    guard phase == .open else { return [] }
    phase = .closing
    return endReading().union(scheduleFlush())
  }

  /// The client sends no more.
  /// - Parameter isPeerGone: It has closed its socket, and reads no more either.
  mutating func endOfFile(isPeerGone: Bool) -> ConnectionActions {
    guard phase == .open else { return [] }
    phase = .halfClosed
    let actions = endReading()
    let next = stayHalfClosed(isPeerGone)
    return next == .close ? next : actions.union(next)
  }

  private mutating func endReading() -> ConnectionActions {
    var actions = ConnectionActions.endReading
    isMidFrame = false
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

  /// A frame was written into the buffer, which now has `unsent` bytes.
  mutating func wrote(unsent: Int) -> ConnectionActions {
    guard phase != .closed else { return [] }
    self.unsent = unsent
    return scheduleFlush()
  }

  /// The last frame of a call was written into the buffer, which now has `unsent` bytes.
  mutating func finished(_ stream: UInt32, unsent: Int) -> ConnectionActions {
    streams.remove(stream)
    return wrote(unsent: unsent)
  }

  private mutating func scheduleFlush() -> ConnectionActions {
    guard !isFlushScheduled else { return [] }
    isFlushScheduled = true
    return .flush
  }

  /// The end of an event for which a flush was scheduled; the driver flushes now.
  mutating func eventEnded() { isFlushScheduled = false }

  /// As much was sent as the socket took: some, if `hasSent`; `unsent` bytes are left.
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

  /// The stall time counts from the last byte that the client took.
  private mutating func blocked(_ hasSent: Bool, _ actions: inout ConnectionActions) {
    if !isWriteWatched { actions.insert(.watchWriting) }
    isWriteWatched = true
    if hasSent { cancel(.stall, &actions) }
    if !isArmed(.stall) { arm(.stall, &actions) }
  }

  /// A client that does not read its answers is not read from either.
  private mutating func throttle(_ actions: inout ConnectionActions) {
    let mustPause = unsent > limits.outHighBytes
    guard phase == .open, isPaused != mustPause else { return }
    isPaused = mustPause
    actions.insert(mustPause ? .pauseReading : .resumeReading)
    timeFrame(isNew: true, &actions)
  }

  // MARK: Time

  /// - Parameter isPeerGone: The client has closed its socket; looked at when the timer is `hangup`.
  mutating func fired(_ timer: ConnectionTimer, isPeerGone: Bool) -> ConnectionActions {
    guard isArmed(timer) else { return [] }
    armed &= ~(1 << timer.rawValue)
    switch timer {
    case .idle: return lookForIdleness()
    case .frame, .stall: return close()
    case .hangup: return stayHalfClosed(isPeerGone)
    }
  }

  /// The idle time begins with the end of the last call, so a connection is closed after one to two idle times.
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
