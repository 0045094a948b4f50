import BahariFrame
import TestSupport
import Testing

@testable import BahariServer

/// The state of a connection under random events. A driver of a few lines performs its actions and checks after each
/// event that nothing was armed twice, forgotten, or left without anything that continues it.
@Suite("Connection state under random events") struct ConnectionModelTests {
  @Test("no answer and no timer is forgotten, and every connection can end", arguments: UInt64(1)...200)
  func random(seed: UInt64) {
    var world = World(seed)
    for _ in 0..<400 where world.state.phase != .closed { world.step() }
    world.windUp()
    #expect(world.state.phase == .closed, "seed \(seed): a client that has left and read all keeps the connection")
    #expect(world.faults.isEmpty, "seed \(seed): \(world.faults)")
  }

  @Test("the events reach each phase and each reason to close") func coverage() {
    var phases: Set<State.Phase> = []
    var endings: Set<String> = []
    for seed: UInt64 in 1...200 {
      var world = World(seed)
      for _ in 0..<400 where world.state.phase != .closed {
        world.step()
        phases.insert(world.state.phase)
      }
      if world.state.phase == .closed { endings.insert(world.last) }
    }
    #expect(phases == [.open, .halfClosed, .closing, .closed])
    #expect(
      endings.isSuperset(of: ["flush", "end of file", "idle", "frame", "stall", "hangup", "error"]), "\(endings)")
  }
}

private typealias State = ConnectionState<UInt32>

/// The state and a driver of it, whose socket and clock are random numbers.
private struct World {
  private(set) var state: State
  private(set) var faults: [String] = []
  /// The event that was the last.
  private(set) var last = ""
  private var random: Seeded
  private var timers: Set<ConnectionTimer> = []
  /// Nil once reading has ended.
  private var isReading: Bool? = false
  private var isWatching = false
  private var isFlushDue = false
  private var isMidFrame = false
  private var unsent = 0
  private var streams: Set<UInt32> = []
  private var isReleased = false

  private static let limits: ServerLimits = {
    var limits = ServerLimits()
    limits.callsInFlight = 5
    limits.outHighBytes = 300
    limits.outMaximumBytes = 2_000
    limits.streamHighBytes = 150
    limits.idleNanoseconds = 1
    return limits
  }()

  init(_ seed: UInt64) {
    random = Seeded(seed)
    state = State(limits: World.limits)
    perform(state.open(), "open")
  }

  // MARK: Events

  mutating func step() {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<35: if isReading == true { receive() }
    case 35..<55: if let stream = streams.randomElement(using: &random) { finish(stream) }
    case 55..<65: if !streams.isEmpty { write("part") }
    case 65..<90: if isWatching || isFlushDue { flush() }
    case 90..<92: if isReading == true { perform(state.endOfFile(isPeerGone: chance(0.2)), "end of file") }
    case 92: if isReading == true, chance(0.3) { stop() }
    case 93: if chance(0.1) { perform(state.close(), "error") }
    default: if let timer = timers.randomElement(using: &random) { fire(timer) }
    }
    check()
  }

  /// The client reads all, sends nothing, and leaves; calls end.
  mutating func windUp() {
    for stream in streams where state.phase != .closed {
      finish(stream)
      check()
    }
    // The first flush may only resume reading.
    for _ in 0..<2 where state.phase != .closed {
      perform(state.flushed(hasSent: true, unsent: 0), "flush")
      unsent = 0
      if isReading == true { perform(state.endOfFile(isPeerGone: false), "end of file") }
    }
  }

  private mutating func chance(_ part: Double) -> Bool { Double.random(in: 0..<1, using: &random) < part }

  private mutating func receive() {
    let stream = UInt32.random(in: 0..<12, using: &random)
    let type = ([1, 3, 0x43] as [UInt8]).randomElement(using: &random) ?? 1
    let header = FrameHeader(length: 0, stream: stream, rawType: type, flags: [])
    switch state.streams.verdict(on: header) {
    case .start:
      if streams.contains(stream) || streams.count >= World.limits.callsInFlight { fault("stream \(stream) started") }
      streams.insert(stream)
      state.started(stream, stream)
    case .cancel(let call), .abort(let call, _): finish(call)
    case .refuse: write("refusal")
    case .ignore: break
    }
    isMidFrame = chance(0.3)
    perform(state.read(frames: chance(0.8), isMidFrame: isMidFrame), "read")
  }

  private mutating func finish(_ stream: UInt32) {
    if streams.remove(stream) == nil { fault("stream \(stream) ended twice") }
    unsent += Int.random(in: 10..<200, using: &random)
    perform(state.finished(stream, unsent: unsent), "finished")
  }

  private mutating func write(_ event: String) {
    unsent += Int.random(in: 10..<200, using: &random)
    perform(state.wrote(unsent: unsent), event)
  }

  private mutating func stop() {
    write("refusal")
    isMidFrame = false
    perform(state.stop(), "stop")
  }

  private mutating func flush() {
    if isFlushDue { state.eventEnded() }
    isFlushDue = false
    let sent = chance(0.3) ? 0 : chance(0.4) ? unsent : Int.random(in: 0...unsent, using: &random)
    unsent -= sent
    let actions = state.flushed(hasSent: sent > 0, unsent: unsent)
    if !actions.contains(.close), (unsent < World.limits.streamHighBytes) != actions.contains(.wake) {
      fault("streams wait without end, or were woken too early")
    }
    if unsent > World.limits.outMaximumBytes, actions != .close { fault("\(unsent) bytes were left unsent") }
    perform(actions, "flush")
  }

  private mutating func fire(_ timer: ConnectionTimer) {
    timers.remove(timer)
    perform(state.fired(timer, isPeerGone: timer == .hangup && chance(0.3)), "\(timer)")
  }

  // MARK: Actions

  private mutating func perform(_ actions: ConnectionActions, _ event: String) {
    last = event
    if isReleased, !actions.isEmpty { fault("actions after the end") }
    if actions.contains(.close) {
      if actions != .close { fault("close does not come alone") }
      isReleased = true
      if Set(state.takeCalls()) != streams { fault("other calls are cancelled than are in flight") }
      return
    }
    for timer in ConnectionTimer.allCases {
      if actions.contains(.cancel(timer)), timers.remove(timer) == nil { fault("\(timer) cancelled, not armed") }
      if actions.contains(.arm(timer)), !timers.insert(timer).inserted { fault("\(timer) armed twice") }
    }
    if actions.contains(.resumeReading) { setReading(true, from: false) }
    if actions.contains(.pauseReading) { setReading(false, from: true) }
    if actions.contains(.endReading) { isReading = nil }
    if actions.contains(.watchWriting) { setWatching(true) }
    if actions.contains(.ignoreWriting) { setWatching(false) }
    if actions.contains(.flush) {
      if isFlushDue { fault("flush scheduled twice") }
      isFlushDue = true
    }
  }

  private mutating func setReading(_ value: Bool, from old: Bool) {
    if isReading != old { fault("reading was \(String(describing: isReading)) and becomes \(value)") }
    isReading = value
  }

  private mutating func setWatching(_ value: Bool) {
    if isWatching == value { fault("writing is watched twice, or ignored twice") }
    isWatching = value
  }

  // MARK: What holds after every event

  private mutating func check() {
    guard state.phase != .closed else {
      if !isReleased { fault("closed without being released") }
      return
    }
    if isReleased { fault("released and not closed") }
    if state.isReading != (isReading == true) { fault("the state reads: \(state.isReading)") }
    if (isReading == nil) != (state.phase != .open) { fault("reading ended in phase \(state.phase)") }
    if unsent > 0, !isWatching, !isFlushDue { fault("nothing sends the \(unsent) bytes") }
    if timers.contains(.stall) != isWatching { fault("the stall time runs while nothing waits, or the reverse") }
    if timers.contains(.frame) != (isReading == true && isMidFrame) { fault("frame time while \(isMidFrame)") }
    if timers.contains(.hangup) != (state.phase == .halfClosed) { fault("hang-up check in \(state.phase)") }
    if !timers.contains(.idle) { fault("nothing finds it idle") }
    if state.phase != .open, unsent == 0, streams.isEmpty, !isFlushDue { fault("nothing ends it") }
    if Set(state.streams.streams) != streams { fault("other streams are in flight") }
  }

  private mutating func fault(_ text: String) { faults.append("after \(last): \(text)") }
}
