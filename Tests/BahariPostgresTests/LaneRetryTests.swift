import Testing

@testable import BahariPostgres

/// How a lane sends jobs again, and which statements it bans: events, and what leaves after them.
@Suite("Lane state: retries") struct LaneRetryTests {
  /// A lane whose jobs, each by name, have just been sent.
  private func sent(_ jobs: [Job], mayMove: Bool = false) -> LaneState {
    var state = LaneState.up(mayMove: mayMove)
    for job in jobs { #expect(state.submit(job) == nil) }
    _ = state.groups()
    #expect(state.load == (0, 1))
    return state
  }

  @Test("reads that another's failure aborted are sent again one by one, before new ones") func aborted() {
    let jobs = ["a", "b", "c"].map { Job.read($0) }
    var state = sent(jobs)
    #expect(state.ended(jobs[0], .refused("22012"), now: 0) == .finish)
    _ = state.submit(.read("new"))
    #expect(state.ended(jobs[1], .aborted, now: 0) == .retryAlone)
    #expect(state.ended(jobs[2], .aborted, now: 0) == .retryAlone)
    state.groupEnded()
    #expect(state.schedulesSending() == true)
    #expect(state.groups() == [["b"], ["c"]])
    #expect(state.counters.repeats == 2)
    for job in jobs[1...] {
      #expect(state.ended(job, .rows([]), now: 0) == .finish)
      state.groupEnded()
    }
    #expect(state.groups() == [["new"]])
  }

  @Test("reads of a lost connection leave together over the next one; writes are finished") func lost() {
    let jobs = [Job.read("a"), .read("b"), .create("c"), .create("d")]
    var state = LaneState.up()
    for job in jobs { _ = state.submit(job) }
    #expect(state.groups() == [["a", "b"], ["c", "d"]])
    #expect(jobs.map { state.ended($0, .lost, now: 0) } == [.retry, .retry, .finish, .finish])
    state.groupEnded()
    state.groupEnded()
    #expect(state.lost(now: 10_000_000_000).map(\.name) == ["connect"])
    #expect(state.groups() == [], "at the end of the event there is no connection")
    #expect(state.submit(.read("new")) == nil)
    _ = state.connected(now: 0)
    #expect(state.schedulesSending() == true)
    #expect(state.groups() == [["a", "b", "new"]])
  }

  @Test("a job that is sent again for the last time is finished") func exhausted() {
    let job = Job.write("a")
    var state = LaneState.up()
    _ = state.submit(job)
    for step in [NextStep.retry, .retry, .finish] {
      #expect(state.groups() == [["a"]])
      #expect(state.ended(job, .refused("26000"), now: 0) == step)
      state.groupEnded()
    }
    #expect(state.groups() == [] && state.load == (0, 0))
    #expect(state.counters.repeats == 2)
  }

  @Test("a statement that met a lock moves, and stays off the lane until its ban ends") func bans() {
    let (stuck, other) = (Job.read("locked"), Job.read("other"))
    var state = sent([stuck, other], mayMove: true)
    #expect(state.ended(stuck, .refused("55P03"), now: 5) == .move)
    #expect(state.ended(other, .aborted, now: 5) == .retryAlone)
    state.groupEnded()
    let end = 5 + StatementBans.nanoseconds
    for now in [6, end - 1] {
      for name in ["locked", "free"] { _ = state.submit(.read(name)) }
      let departures = state.departures(now: now)
      #expect(departures.flatMap { $0.moved.map(\.name) } == ["locked"])
      for job in departures.flatMap(\.group) { #expect(state.ended(job, .rows([]), now: now) == .finish) }
      for departure in departures where !departure.group.isEmpty { state.groupEnded() }
    }
    #expect(state.counters.moves == 3)
    _ = state.submit(.read("locked"))
    #expect(state.groups(now: end) == [["locked"]])
    #expect(state.counters.moves == 3)
  }

  @Test("without a pool nothing moves and nothing is banned") func noPool() {
    let job = Job.read("locked")
    var state = sent([job])
    #expect(state.ended(job, .refused("55P03"), now: 5) == .finish)
    state.groupEnded()
    _ = state.submit(.read("locked"))
    #expect(state.groups(now: 6) == [["locked"]])
  }

  @Test("more bans than are kept: memory stays bounded") func manyBans() {
    var bans = StatementBans()
    func bound(_ number: Int) -> [Bound] { [Bound(Statement("SELECT \(number)"))] }
    func isBanned(_ number: Int, now: UInt64 = 1) -> Bool { bans.apply(to: bound(number), now: now) }
    for number in 0...StatementBans.capacity { bans.add(bound(number), now: 0) }
    #expect(isBanned(0) && isBanned(StatementBans.capacity))
    bans.add(bound(-1), now: 0)
    #expect(!isBanned(0) && isBanned(-1))
    #expect(!isBanned(-1, now: StatementBans.nanoseconds))
  }

  @Test("a statement's time counts from the answer before its own, not from when it was sent") func pace() {
    let pace = Pace()
    var state = LaneState.up()
    // All are sent at the time 0. Their answers come at intervals that count as quick; the sums do not.
    let interval = Pace.quickNanoseconds * 3 / 4
    let jobs = (1...Pace.quickRuns).map { Job.read("\($0)") }
    for job in jobs {
      job.pace = pace
      _ = state.submit(job)
      job.noteSent(at: 0)
    }
    _ = state.groups()
    for (place, job) in jobs.enumerated() {
      #expect(!pace.isQuick(now: 0))
      #expect(state.ended(job, .rows([]), now: UInt64(place + 1) * interval) == .finish)
    }
    #expect(pace.isQuick(now: 0))
  }
}
