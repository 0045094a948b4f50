import Testing

@testable import BahariServer

/// The life of a connection as a table: from each phase, by each event, to actions and the next phase.
@Suite("Connection state") struct ConnectionStateTests {
  typealias State = ConnectionState<UInt32>

  private static let limits: ServerLimits = {
    var limits = ServerLimits()
    limits.callsInFlight = 4
    limits.outHighBytes = 100
    limits.outMaximumBytes = 1_000
    limits.streamHighBytes = 50
    limits.idleNanoseconds = 1
    return limits
  }()

  /// An open connection; with calls in flight on these streams.
  private func opened(_ streams: UInt32...) -> State {
    var state = State(limits: Self.limits)
    _ = state.open()
    for stream in streams { state.started(stream, stream) }
    return state
  }

  @Test("at first it is read from and idle") func opening() {
    var state = State(limits: Self.limits)
    #expect(state.open() == [.resumeReading, .arm(.idle)])
    #expect(state.phase == .open && state.isReading && state.isQuiet && state.takesMore)
  }

  @Test("an idle time of 0 never ends") func neverIdle() {
    var state = State(limits: ServerLimits())
    #expect(state.open() == [.resumeReading])
  }

  // MARK: Reading

  @Test("whole frames set no timer") func wholeFrames() {
    var state = opened()
    #expect(state.read(frames: true, isMidFrame: false) == [])
    #expect(state.isReading)
  }

  @Test("a frame's time begins with its first byte, and again with the next frame") func frameTime() {
    var state = opened()
    #expect(state.read(frames: false, isMidFrame: true) == [.arm(.frame)])
    #expect(state.read(frames: false, isMidFrame: true) == [], "further bytes of it do not restart the time")
    #expect(state.read(frames: true, isMidFrame: true) == [.cancel(.frame), .arm(.frame)])
    #expect(state.read(frames: true, isMidFrame: false) == [.cancel(.frame)])
    #expect(state.fired(.frame, isPeerGone: false) == [], "a cancelled timer has no effect")
    _ = state.read(frames: false, isMidFrame: true)
    #expect(state.fired(.frame, isPeerGone: false) == .close)
    #expect(state.phase == .closed)
  }

  @Test("a frame's time does not run while reading is paused") func frameTimeWhilePaused() {
    var state = opened()
    _ = state.read(frames: false, isMidFrame: true)
    _ = state.wrote(unsent: 101)
    #expect(
      state.flushed(hasSent: false, unsent: 101) == [
        .watchWriting, .arm(.stall), .pauseReading, .cancel(.frame),
      ])
    #expect(!state.isReading)
    #expect(
      state.flushed(hasSent: true, unsent: 100) == [
        .cancel(.stall), .arm(.stall), .resumeReading, .arm(.frame),
      ])
    #expect(state.isReading)
  }

  // MARK: Writing

  @Test("one flush per event, however many frames were written") func oneFlush() {
    var state = opened(1, 3)
    #expect(state.wrote(unsent: 10) == .flush)
    #expect(state.finished(1, unsent: 20) == [])
    state.eventEnded()
    #expect(state.flushed(hasSent: true, unsent: 0) == [.shrink, .wake])
    #expect(state.finished(3, unsent: 10) == .flush)
    #expect(state.streams.isEmpty && !state.isQuiet)
    state.eventEnded()
    _ = state.flushed(hasSent: true, unsent: 0)
    #expect(state.isQuiet)
  }

  @Test("the stall time counts from the last byte that the client took") func stallTime() {
    var state = opened(1)
    _ = state.wrote(unsent: 90)
    #expect(state.flushed(hasSent: true, unsent: 80) == [.watchWriting, .arm(.stall)])
    #expect(state.flushed(hasSent: false, unsent: 80) == [])
    #expect(state.flushed(hasSent: true, unsent: 60) == [.cancel(.stall), .arm(.stall)])
    #expect(state.flushed(hasSent: true, unsent: 0) == [.ignoreWriting, .shrink, .cancel(.stall), .wake])
    _ = state.wrote(unsent: 10)
    #expect(state.flushed(hasSent: false, unsent: 10) == [.watchWriting, .arm(.stall), .wake])
    #expect(state.fired(.stall, isPeerGone: false) == .close)
  }

  @Test("streams wait while as much is unsent as they may leave") func streams() {
    var state = opened(1)
    _ = state.wrote(unsent: 49)
    #expect(state.takesMore)
    _ = state.wrote(unsent: 50)
    #expect(!state.takesMore)
    #expect(!state.flushed(hasSent: false, unsent: 50).contains(.wake))
    #expect(state.flushed(hasSent: true, unsent: 49).contains(.wake))
    _ = state.wrote(unsent: 50)
    _ = state.close()
    #expect(state.takesMore, "a stream whose connection is closed does not wait")
  }

  @Test("a client that leaves too much unread is closed") func unreadBound() {
    var state = opened(1)
    _ = state.wrote(unsent: 1_000)
    #expect(!state.flushed(hasSent: false, unsent: 1_000).contains(.close))
    _ = state.wrote(unsent: 1_001)
    #expect(state.flushed(hasSent: false, unsent: 1_001) == .close)
    #expect(state.takeCalls() == [1])
  }

  // MARK: Half closed

  @Test("end of file on a quiet connection closes it") func endWhenQuiet() {
    var state = opened()
    #expect(state.endOfFile(isPeerGone: false) == .close)
    #expect(state.phase == .closed)
  }

  @Test("end of file with calls in flight: they are answered, then it closes") func halfClose() {
    var state = opened(1, 3)
    _ = state.read(frames: false, isMidFrame: true)
    #expect(state.endOfFile(isPeerGone: false) == [.endReading, .cancel(.frame), .arm(.hangup)])
    #expect(state.phase == .halfClosed && !state.isReading)
    #expect(state.finished(1, unsent: 10) == .flush)
    state.eventEnded()
    #expect(state.flushed(hasSent: true, unsent: 0) == [.shrink, .wake], "one call is still in flight")
    #expect(state.fired(.hangup, isPeerGone: false) == .arm(.hangup))
    _ = state.finished(3, unsent: 10)
    state.eventEnded()
    #expect(state.flushed(hasSent: false, unsent: 10) == [.watchWriting, .arm(.stall), .wake])
    #expect(state.fired(.hangup, isPeerGone: false) == .arm(.hangup), "an answer is still unsent")
    #expect(state.flushed(hasSent: true, unsent: 0) == .close)
  }

  @Test("end of file of a client that is gone cancels its calls") func gone() {
    var state = opened(1, 3)
    #expect(state.endOfFile(isPeerGone: true) == .close)
    #expect(Set(state.takeCalls()) == [1, 3])
    #expect(state.takeCalls() == [], "each call is given once")
  }

  @Test("a client that is gone after its half close is found by the hang-up check") func goneLater() {
    var state = opened(1)
    _ = state.endOfFile(isPeerGone: false)
    #expect(state.fired(.hangup, isPeerGone: false) == .arm(.hangup))
    #expect(state.fired(.hangup, isPeerGone: true) == .close)
  }

  @Test("nothing pauses or resumes reading after the half close") func noThrottleWhenHalfClosed() {
    var state = opened(1)
    _ = state.wrote(unsent: 200)
    _ = state.flushed(hasSent: false, unsent: 200)
    _ = state.endOfFile(isPeerGone: false)
    #expect(state.flushed(hasSent: true, unsent: 20) == [.cancel(.stall), .arm(.stall), .wake])
  }

  // MARK: Closing

  @Test("a frame that cannot be skipped: reading ends, what was written is sent, then it closes") func closing() {
    var state = opened(1)
    _ = state.read(frames: false, isMidFrame: true)
    #expect(state.wrote(unsent: 10) == .flush)
    #expect(state.stop() == [.endReading, .cancel(.frame)], "the flush is scheduled already")
    #expect(state.phase == .closing && !state.isReading)
    #expect(state.read(frames: true, isMidFrame: false) == [])
    #expect(state.endOfFile(isPeerGone: false) == [])
    #expect(state.stop() == [])
    state.eventEnded()
    #expect(state.flushed(hasSent: true, unsent: 5) == [.watchWriting, .arm(.stall), .wake])
    #expect(state.flushed(hasSent: true, unsent: 0) == .close)
    #expect(state.takeCalls() == [1])
  }

  @Test("a client that takes nothing does not keep a closing connection") func stallWhileClosing() {
    var state = opened()
    _ = state.wrote(unsent: 10)
    _ = state.stop()
    _ = state.flushed(hasSent: false, unsent: 10)
    #expect(state.fired(.stall, isPeerGone: false) == .close)
  }

  // MARK: Idle

  @Test("the idle time passes only without reading and without calls") func idleTime() {
    var state = opened()
    _ = state.read(frames: true, isMidFrame: false)
    #expect(state.fired(.idle, isPeerGone: false) == .arm(.idle), "something was read")
    state.started(1, 1)
    #expect(state.fired(.idle, isPeerGone: false) == .arm(.idle), "a call is in flight")
    _ = state.finished(1, unsent: 10)
    state.eventEnded()
    #expect(state.fired(.idle, isPeerGone: false) == .arm(.idle), "an answer is unsent")
    _ = state.flushed(hasSent: true, unsent: 0)
    #expect(state.fired(.idle, isPeerGone: false) == .arm(.idle), "it was busy when the timer was armed")
    #expect(state.fired(.idle, isPeerGone: false) == .close)
  }

  // MARK: Closed

  @Test("a closed connection ignores every event") func closed() {
    var state = opened(1)
    _ = state.wrote(unsent: 10)
    _ = state.flushed(hasSent: false, unsent: 10)
    _ = state.read(frames: false, isMidFrame: true)
    #expect(state.close() == .close)
    #expect(state.close() == [])
    #expect(state.read(frames: true, isMidFrame: true) == [])
    #expect(state.wrote(unsent: 20) == [])
    #expect(state.finished(1, unsent: 20) == [])
    #expect(state.flushed(hasSent: true, unsent: 0) == [])
    #expect(state.endOfFile(isPeerGone: true) == [])
    #expect(state.stop() == [])
    for timer in ConnectionTimer.allCases { #expect(state.fired(timer, isPeerGone: true) == []) }
  }
}
