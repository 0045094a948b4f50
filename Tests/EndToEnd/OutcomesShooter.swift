import BahariFrame
import TestSupport

/// A connection that makes attempts, several at a time, and enters each answer in the ledger. It takes attempts until
/// none is left.
final class OutcomeShooter {
  private struct Flight {
    let shot: OutcomeShot
    let sent: ContinuousClock.Instant
    /// When the caller cancels the call or leaves; nil once it has cancelled.
    var actsAt: ContinuousClock.Instant?
  }

  private let socket: String
  private let load: OutcomeLoad
  private let shots: OutcomeShots
  private let window: Int
  private var wire: Wire
  private var flights: [UInt32: Flight] = [:]
  private var lastStream: UInt32 = 1
  /// Whether the last answer was that PostgreSQL is away. Such answers come at once, and would use up the attempts, so
  /// only one at a time is made meanwhile.
  private var isAway = false

  init(_ socket: String, _ load: OutcomeLoad, _ shots: OutcomeShots, window: Int) throws {
    (self.socket, self.load, self.shots, self.window) = (socket, load, shots, window)
    wire = try OutcomeShooter.connect(socket)
  }

  private static func connect(_ socket: String) throws -> Wire { try Wire(socket, waitsAtMost: 240) }

  func run() throws {
    while true {
      try fill()
      if flights.isEmpty { return }
      if try act() { continue }
      guard let frame = try wire.frame() else { throw Trouble("the daemon closed a connection") }
      try take(frame)
    }
  }

  private func fill() throws {
    var room = (isAway ? 1 : window) - flights.count
    while room > 0, let shot = shots.next() {
      try send(shot)
      room -= 1
    }
  }

  private func send(_ shot: OutcomeShot) throws {
    let write = load.plan.writes[shot.write]
    let payload = try load.schema.payload(of: write)
    lastStream += 2
    var flight = Flight(shot: shot, sent: .now)
    // Calls without a deadline of their own end before the connection stops waiting for them.
    var timeout = Duration.seconds(120)
    switch shot.haste {
    case .patient: break
    case .deadline(let delay): timeout = duration(delay, write)
    case .cancel(let delay), .leave(let delay): flight.actsAt = flight.sent + duration(delay, write)
    }
    flights[lastStream] = flight
    try wire.request(
      lastStream, load.schema.method(of: write), payload, timeout: max(1, Int64(timeout / .nanoseconds(1))))
  }

  private func duration(_ delay: Haste.Delay, _ write: OutcomeWrite) -> Duration {
    switch delay {
    case .milliseconds(let time): .milliseconds(time)
    case .usual(let factor): .milliseconds(factor * load.pace.of(write.pace))
    }
  }

  /// Waits for a frame or for the next moment at which a caller acts. Returns whether one has acted.
  private func act() throws -> Bool {
    guard
      let (stream, flight) = flights.filter({ $0.value.actsAt != nil }).min(by: { first, second in
        first.value.actsAt ?? .now < second.value.actsAt ?? .now
      }), let moment = flight.actsAt
    else { return false }
    let wait = moment - .now
    if wait > .zero, !wire.isSilent(forMilliseconds: Int32(wait / .milliseconds(1))) { return false }
    flights[stream]?.actsAt = nil
    guard case .leave = flight.shot.haste else {
      try wire.send(.cancel, stream)
      return true
    }
    for flight in flights.values { load.ledger.add(.gone, to: flight.shot.write) }
    flights.removeAll()
    wire = try OutcomeShooter.connect(socket)
    return true
  }

  private func take(_ frame: Received) throws {
    guard let flight = flights.removeValue(forKey: frame.header.stream) else {
      throw Trouble("an answer on stream \(frame.header.stream), which has no call")
    }
    let answer = try OutcomeAnswer(frame)
    load.ledger.add(answer, to: flight.shot.write)
    if answer.isReply {
      isAway = false
      load.pace.add(.now - flight.sent, load.plan.writes[flight.shot.write].pace)
    } else if case .failure(let failure) = answer, failure.code == .unavailable, failure.outcome == "not_applied" {
      isAway = true
      // The attempts of a connection that makes one at a time are large and few.
      if flights.isEmpty { _ = wire.isSilent(forMilliseconds: window == 1 ? 1_000 : 250) }
    }
  }
}

/// A plan that is carried out, and the answers to it.
struct OutcomeLoad: Sendable {
  let plan: OutcomePlan
  let schema: OutcomeSchema
  let ledger: OutcomeLedger
  let pace = OutcomePace()

  init(_ plan: OutcomePlan, _ schema: OutcomeSchema) {
    (self.plan, self.schema) = (plan, schema)
    ledger = OutcomeLedger(plan.writes.count)
  }

  private init(_ plan: OutcomePlan, _ schema: OutcomeSchema, _ ledger: OutcomeLedger) {
    (self.plan, self.schema, self.ledger) = (plan, schema, ledger)
  }

  /// The same plan with an empty ledger.
  var again: OutcomeLoad { OutcomeLoad(plan, schema, OutcomeLedger(plan.writes.count)) }

  static let threads = BlockingExecutor(threads: 10)

  /// Makes all attempts of the plan on several connections.
  func fire(_ socket: String, _ light: OutcomeShots, _ heavy: OutcomeShots) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        let (shots, window) = number == 0 ? (heavy, 1) : (light, 4 * number)
        group.addTask(executorPreference: OutcomeLoad.threads) {
          try OutcomeShooter(socket, self, shots, window: window).run()
        }
      }
      try await group.waitForAll()
    }
  }
}

extension OutcomeWrite {
  /// Writes that take about as long as each other have the same.
  var pace: String { "\(method.rawValue) \(isHeavy ? "heavy" : numbers.count > 50 ? "long" : "")" }
}
