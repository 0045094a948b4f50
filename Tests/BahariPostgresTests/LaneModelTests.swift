import TestSupport
import Testing

@testable import BahariPostgres

/// Random events, and the conditions that hold after each of them.
@Suite("Lane state, random") struct LaneModelTests {
  @Test("10,000 random events break nothing", arguments: 1...10 as ClosedRange<UInt64>) func random(seed: UInt64) {
    let world = LaneWorld(seed: seed)
    for step in 1...10_000 where world.faults.isEmpty {
      world.step()
      world.check()
      #expect(world.faults.isEmpty, "step \(step)")
    }
    #expect(world.sentGroups > 1_000 && world.retries > 100 && world.state.counters.losses > 10)
    #expect(world.state.counters.refusals > 10 && world.moves > 10)
    world.end(closing: seed.isMultiple(of: 2))
    #expect(world.faults.isEmpty)
    #expect(world.open.isEmpty, "everyone gets an answer")
    #expect(world.state.load == (0, 0))
  }
}

/// The world around a lane: callers, a connection that answers in order, and a pool.
private final class LaneWorld {
  private static let limits: LaneLimits = {
    var limits = LaneLimits()
    (limits.groups, limits.fullGroups, limits.groupWeight, limits.queue) = (2, 4, 5, 30)
    return limits
  }()

  private enum Connection {
    case none, attempt, pause, up
  }

  private(set) var state: LaneState
  private var random: Seeded
  private var now: UInt64 = 0
  private var connection = Connection.none
  /// Groups whose answers are outstanding, the first sent first.
  private var inFlight: [[Job]] = []
  private let crowds = [Crowd(), Crowd()]
  private var jobs: [String: Job] = [:]
  private var last = 0
  /// Who waits for an answer.
  private(set) var open: Set<String> = []
  /// Writes that may have been committed, and must not be sent again.
  private var uncertain: Set<String> = []
  private(set) var sentGroups = 0
  private(set) var retries = 0
  private(set) var moves = 0
  private(set) var faults: [String] = []

  init(seed: UInt64) {
    random = Seeded(seed)
    state = LaneState(LaneWorld.limits, mayMove: true, seed: seed)
    perform(state.open())
  }

  // MARK: Events

  func step() {
    now += UInt64.random(in: 0...50_000_000, using: &random)
    switch Int.random(in: 0..<20, using: &random) {
    case 0...7: for _ in 0..<Int.random(in: 1...8, using: &random) { arrive() }
    case 8...9: abandon()
    case 10...15: answer()
    case 16: if connection == .up { lose() }
    default: connectionStep(succeeds: Int.random(in: 0..<4, using: &random) > 0)
    }
    flush()
  }

  private func arrive() {
    last += 1
    if state.isFull {
      for job in state.dropAbandoned() { finish(job, .failure(.abandoned)) }
      for crowd in crowds { dropGone(of: crowd) }
    }
    let isFull = state.isFull
    let name = "\(last)"
    let refusal: QueueRefusal?
    open.insert(name)
    if Int.random(in: 0..<2, using: &random) == 0 {
      refusal = crowds[last % 2].join(name, &state)
    } else {
      // Few statements, so that bans meet others.
      let statement = [Bound(Statement("\(last % 7)"))]
      let reply = { [unowned self] (_: Job.Answer) in self.answered(name) }
      let job =
        switch Int.random(in: 0..<3, using: &random) {
        case 0: Job(read: statement, reply)
        case 1: Job(create: statement, reply)
        default: Job(write: statement, reply)
        }
      refusal = state.submit(job)
      if refusal == nil { jobs[name] = job }
    }
    if refusal != nil { answered(name) }
    if (refusal == .overloaded) != (isFull && (state.isUp || state.phase == .connecting)) {
      faults.append("\(name): \(String(describing: refusal)) by a queue of \(state.load.waiting)")
    }
  }

  private func abandon() {
    if Bool.random(using: &random), let caller = crowds.flatMap(\.callers).randomElement(using: &random) {
      for crowd in crowds where crowd.callers.contains(caller) { crowd.gone.insert(caller) }
    } else if let name = jobs.keys.sorted().randomElement(using: &random) {
      jobs[name]?.abandon()
    }
  }

  /// The first group's answers, as PostgreSQL may give them.
  private func answer() {
    guard connection == .up, !inFlight.isEmpty else { return }
    let group = inFlight.removeFirst()
    let codes = ["22012", "55P03", "40001", "0A000"]
    let failing = Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: group.indices, using: &random) : nil
    let error = JobEnd.refused(codes[Int.random(in: codes.indices, using: &random)])
    let ends = group.indices.map { place in
      guard let failing, place >= failing else { return JobEnd.rows([]) }
      return place == failing ? error : .aborted
    }
    end(group, ends, .idle)
  }

  private func end(_ group: [Job], _ ends: [JobEnd], _ sync: SyncEnd) {
    let whole = JobEnd.ofGroup(ends, sync)
    for (job, end) in zip(group, ends) {
      let own = job.isRead ? end : whole.inGroup(end)
      // A write by itself keeps its own refusal.
      let final = !job.isRead && group.count == 1 ? end.committed(by: sync) : own
      if case .lost = final, !job.isRead { uncertain.formUnion(names(of: job)) }
      switch state.ended(job, final, now: now) {
      case .finish: finish(job, final.answer)
      case .retry, .retryAlone: retries += 1
      case .move: move(job)
      }
    }
    state.groupEnded()
  }

  /// The connection goes away: all that is outstanding is lost.
  private func lose() {
    connection = .none
    let outstanding = inFlight
    inFlight = []
    for group in outstanding { end(group, group.map { _ in .lost }, .lost) }
    perform(state.lost(now: now))
  }

  private func connectionStep(succeeds: Bool) {
    switch connection {
    case .attempt where succeeds:
      connection = .up
      perform(state.connected(now: now))
    case .attempt:
      connection = .none
      perform(state.connectFailed())
    case .pause:
      connection = .none
      perform(state.pauseEnded())
    case .none, .up: break
    }
  }

  private func perform(_ actions: [LaneState.Action]) {
    for action in actions {
      switch action {
      case .connect:
        if connection != .none { faults.append("connects while \(connection)") }
        connection = .attempt
      case .pause:
        if connection != .none { faults.append("pauses while \(connection)") }
        connection = .pause
      case .closeConnection: lose()
      case .refuse(.job(let job)): finish(job, .failure(.unavailable))
      case .refuse(.gatherer(let gatherer)): for name in (gatherer as? Crowd)?.removeAll() ?? [] { answered(name) }
      case .announce: break
      }
    }
  }

  /// The end of an event.
  private func flush() {
    guard state.schedulesSending() else { return }
    while let departure = state.nextDeparture(
      now: now, { gatherer in (gatherer as? Crowd).flatMap { self.gather($0) } })
    {
      for job in departure.abandoned { finish(job, .failure(.abandoned)) }
      for job in departure.moved { move(job) }
      if !departure.group.isEmpty { send(departure.group) }
    }
  }

  private func gather(_ crowd: Crowd) -> Job? {
    let before = crowd.callers
    let job = crowd.take(LaneWorld.limits.groupWeight) { [unowned self] names, _ in names.forEach(self.answered) }
    for name in before.prefix(before.count - crowd.callers.count) where crowd.gone.contains(name) { answered(name) }
    return job
  }

  private func send(_ group: [Job]) {
    sentGroups += 1
    if connection != .up { faults.append("sends while \(connection)") }
    if group.contains(where: { $0.sharing != group[0].sharing }) { faults.append("mixes jobs") }
    if group[0].sharing == .nobody, group.count > 1 { faults.append("\(group.count) jobs that share with nobody") }
    for job in group {
      if !uncertain.isDisjoint(with: names(of: job)) { faults.append("\(names(of: job)) may be written twice") }
      if job.attempts > 19 { faults.append("\(names(of: job)) is sent a 21st time") }
      job.noteSent(at: now)
    }
    inFlight.append(group)
  }

  // MARK: Answers

  private func names(of job: Job) -> [String] { jobs.filter { $0.value === job }.map(\.key) }

  private func move(_ job: Job) {
    moves += 1
    finish(job, .success([]))
  }

  private func finish(_ job: Job, _ answer: Job.Answer) { job.finish(answer, at: now) }

  private func answered(_ name: String) {
    jobs[name] = nil
    if open.remove(name) == nil { faults.append("\(name) is answered twice") }
  }

  /// Callers that gave up while they waited are forgotten by their crowd.
  private func dropGone(of crowd: Crowd) {
    for name in crowd.gone.intersection(open) where !crowd.callers.contains(name) { answered(name) }
  }

  // MARK: Conditions

  func check() {
    if state.isUp != (connection == .up) { faults.append("\(state.phase) and \(connection)") }
    if state.load.groups != inFlight.count { faults.append("\(state.load.groups) groups, and \(inFlight.count) are") }
    if inFlight.count > LaneWorld.limits.fullGroups { faults.append("\(inFlight.count) groups in flight") }
    let sent = inFlight.joined().reduce(0) { $0 + $1.weight }
    let waiting = open.count - sent
    if state.load.waiting != waiting { faults.append("\(state.load.waiting) wait, and \(waiting) do") }
    if connection == .up, inFlight.isEmpty, waiting > 0 { faults.append("\(waiting) wait for nothing") }
    if state.phase == .down, waiting > 0 { faults.append("\(waiting) wait for an outage to end") }
  }

  /// The end: the lane is closed, or PostgreSQL answers everything.
  func end(closing: Bool) {
    if closing {
      perform(state.close())
      connectionStep(succeeds: true)
      return check()
    }
    for _ in 0..<200 where !open.isEmpty {
      connectionStep(succeeds: true)
      while let group = inFlight.first {
        inFlight.removeFirst()
        end(group, group.map { _ in .rows([]) }, .idle)
      }
      flush()
      check()
    }
  }
}
