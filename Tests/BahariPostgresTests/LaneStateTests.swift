import Testing

@testable import BahariPostgres

/// A lane's decisions as tables: events, and the actions after them. No PostgreSQL, no clock.
@Suite("Lane state") struct LaneStateTests {
  private let second: UInt64 = 1_000_000_000

  // MARK: The connection

  @Test("open, connected, lost, connected") func connecting() {
    var state = LaneState(LaneLimits(), mayMove: false, seed: 1)
    #expect(state.phase == .connecting && !state.isUp)
    #expect(state.open().map(\.name) == ["connect"])
    #expect(state.connected(now: 0).map(\.name) == ["announce"])
    #expect(state.isUp)
    #expect(state.lost(now: 10 * second).map(\.name) == ["connect"], "it lived long enough")
    #expect(state.phase == .connecting)
    #expect(state.connected(now: 11 * second).map(\.name) == ["announce"])
    #expect(state.lost(now: 11 * second + 1).map(\.name) == ["pause"], "it hardly lived")
    #expect(state.phase == .connecting)
    #expect(state.pauseEnded().map(\.name) == ["connect"])
    #expect(state.counters.losses == 2)
  }

  @Test("jobs wait while a connection is made, and are refused once an attempt has failed") func outage() {
    var state = LaneState(LaneLimits(), mayMove: false, seed: 1)
    _ = state.open()
    let crowd = Crowd()
    #expect(state.submit(.read("a")) == nil)
    #expect(crowd.join("b", &state) == nil)
    #expect(state.load == (2, 0))
    #expect(state.schedulesSending() == false, "there is nothing to send over")
    #expect(state.groups() == [])
    #expect(state.connectFailed().map(\.name) == ["refuse a", "refuse callers", "pause"])
    #expect(state.phase == .down)
    #expect(state.load == (0, 0))
    #expect(state.submit(.read("c")) == .unavailable)
    #expect(Crowd().join("d", &state) == .unavailable)
    #expect(state.pauseEnded().map(\.name) == ["connect"])
    #expect(state.connectFailed().map(\.name) == ["pause"])
    #expect(state.pauseEnded().map(\.name) == ["connect"])
    #expect(state.connected(now: 0).map(\.name) == ["announce"])
    #expect(state.submit(.read("e")) == nil)
    #expect(state.groups() == [["e"]])
    #expect(state.counters.refusals == 0, "only a full queue counts")
  }

  @Test("jobs that waited for a connection leave when there is one") func waited() {
    var state = LaneState(LaneLimits(), mayMove: false, seed: 1)
    _ = state.open()
    #expect(state.submit(.read("a")) == nil)
    _ = state.connected(now: 0)
    #expect(state.schedulesSending() == true)
    #expect(state.groups() == [["a"]])
  }

  @Test(
    "closed without a connection: waiting jobs are refused, and a connection that comes later is closed",
    arguments: [false, true])
  func closedWhileConnecting(isDown: Bool) {
    var state = LaneState(LaneLimits(), mayMove: false, seed: 1)
    _ = state.open()
    if isDown { _ = state.connectFailed() } else { #expect(state.submit(.read("a")) == nil) }
    #expect(state.close().map(\.name) == (isDown ? ["announce"] : ["refuse a", "announce"]))
    #expect(state.phase == .closed)
    #expect(state.close().isEmpty && state.open().isEmpty && state.pauseEnded().isEmpty)
    #expect(state.submit(.read("b")) == .unavailable)
    #expect(state.connectFailed().isEmpty)
    #expect(state.connected(now: 0).map(\.name) == ["close"])
    #expect(state.lost(now: 0).isEmpty)
    #expect(state.phase == .closed && state.counters.losses == 0)
  }

  @Test("closed with a connection: writes in flight are lost; reads in flight and waiting jobs are refused")
  func closed() {
    var state = LaneState.up(.unpipelined)
    let (write, read) = (Job.write("write"), Job.read("read"))
    for job in [write, read] { #expect(state.submit(job) == nil) }
    #expect(state.groups() == [["write"]])
    #expect(state.close().map(\.name) == ["close"])
    #expect(state.phase == .closing)
    #expect(state.submit(.read("late")) == .unavailable)
    #expect(state.ended(write, .lost, now: 0) == .finish)
    state.groupEnded()
    #expect(!state.schedulesSending() && state.groups() == [])
    #expect(state.lost(now: 0).map(\.name) == ["refuse read", "announce"])
    #expect(state.phase == .closed && state.load == (0, 0) && state.counters.losses == 0)
  }

  @Test("a read in flight when the lane closes is refused and not lost") func closedUnderReads() {
    var state = LaneState.up()
    let read = Job.read("read")
    _ = state.submit(read)
    #expect(state.groups() == [["read"]])
    _ = state.close()
    #expect(state.ended(read, .lost, now: 0) == .retry)
    state.groupEnded()
    #expect(state.lost(now: 0).map(\.name) == ["refuse read", "announce"])
  }

  @Test("a job that ends after the lane has closed is finished, and not queued for ever") func endedTooLate() {
    var state = LaneState.up()
    let jobs = [Job.create("a"), .create("b")]
    for job in jobs { _ = state.submit(job) }
    #expect(state.groups() == [["a", "b"]])
    _ = state.close()
    #expect(state.lost(now: 0).map(\.name) == ["announce"])
    for job in jobs { #expect(state.ended(job, .aborted, now: 0) == .finish) }
    state.groupEnded()
    #expect(state.load == (0, 0))
  }

  // MARK: The queue

  @Test("the queue is limited, for jobs and gathered callers together; those that gave up make room") func full() {
    var limits = LaneLimits()
    limits.queue = 3
    var state = LaneState(limits, mayMove: false, seed: 1)
    let (job, crowd) = (Job.read("a"), Crowd())
    #expect(state.submit(job) == nil)
    #expect(crowd.join("b", &state) == nil && crowd.join("c", &state) == nil)
    #expect(state.isFull)
    #expect(state.submit(.read("d")) == .overloaded)
    #expect(crowd.join("e", &state) == .overloaded)
    #expect(state.counters.refusals == 2)
    #expect(state.dropAbandoned().isEmpty && state.isFull)
    job.abandon()
    crowd.gone = ["b"]
    #expect(state.dropAbandoned().map(\.name) == ["a"])
    #expect(!state.isFull && state.load.waiting == 1)
    #expect(state.submit(.read("f")) == nil && state.submit(.read("g")) == nil)
    #expect(state.isFull)
    _ = state.connected(now: 0)
    #expect(state.groups() == [["c", "f", "g"]])
    #expect(!state.isFull)
  }

  @Test("a crowd whose callers all gave up leaves the queue, and may come back") func emptied() {
    var state = LaneState.up()
    let crowd = Crowd()
    crowd.gone = ["a"]
    _ = crowd.join("a", &state)
    #expect(state.dropAbandoned().isEmpty)
    #expect(state.load.waiting == 0)
    _ = crowd.join("a", &state)
    #expect(state.groups() == [], "found out when it is about to be sent")
    #expect(state.load == (0, 0))
    _ = crowd.join("b", &state)
    #expect(state.groups() == [["b"]])
  }

  // MARK: Groups

  @Test("sending is scheduled once per event, and not while it would send nothing") func scheduling() {
    var state = LaneState.up(.unpipelined)
    #expect(state.schedulesSending() == false)
    let job = Job.read("a")
    _ = state.submit(job)
    #expect(state.schedulesSending() && !state.schedulesSending())
    _ = state.submit(.read("b"))
    #expect(state.schedulesSending() == false, "it is scheduled already")
    #expect(state.groups() == [["a"]])
    _ = state.submit(.read("c"))
    #expect(state.schedulesSending() == false, "one is in flight")
    #expect(state.ended(job, .rows([]), now: 0) == .finish)
    state.groupEnded()
    #expect(state.schedulesSending() && !state.schedulesSending())
    #expect(state.groups() == [["b"]])
  }

  @Test("reads share Syncs, creates share Syncs, other writes share with nobody; the order stays") func sharing() {
    var state = LaneState.up(.init())
    let jobs: [Job] = [
      .read("r1"), .read("r2"), .create("c1"), .create("c2"), .write("w1"), .write("w2"), .read("r3"),
    ]
    for job in jobs { _ = state.submit(job) }
    // Two groups in flight are enough for so little.
    let first = state.departures()
    #expect(first.map { $0.group.map(\.name) } == [["r1", "r2"], ["c1", "c2"]])
    for job in first.flatMap(\.group) { #expect(state.ended(job, .rows([]), now: 0) == .finish) }
    state.groupEnded()
    state.groupEnded()
    #expect(state.groups() == [["w1"], ["w2"]])
    #expect(state.load == (1, 2))
    #expect(state.counters.syncs == 4 && state.counters.jobs == 6)
  }

  @Test("little work waits while two groups are in flight; full groups leave until eight are") func groupLimits() {
    var state = LaneState.up()
    for number in 0..<2 {
      _ = state.submit(.read("\(number)"))
      #expect(state.groups() == [["\(number)"]])
    }
    for number in 2..<33 { _ = state.submit(.read("\(number)")) }
    #expect(!state.schedulesSending() && state.groups() == [])
    _ = state.submit(.read("33"))
    #expect(state.schedulesSending() == true)
    #expect(state.groups() == [(2..<34).map { "\($0)" }])
    for number in 0..<32 * 9 { _ = state.submit(.read("x\(number)")) }
    let groups = state.groups()
    #expect(groups.count == 5 && groups.allSatisfy { $0.count == 32 })
    #expect(state.load == (32 * 4, 8))
  }

  @Test("a job of many keys fills a group") func weights() {
    var state = LaneState.up()
    for job in [Job.read("a", weight: 31), .read("b", weight: 32), .read("c", weight: 32)] { _ = state.submit(job) }
    #expect(state.groups() == [["a", "b"], ["c"]])
    #expect(state.counters.weight == 95)
  }

  @Test("abandoned jobs leave the queue instead of being sent") func abandoned() {
    var state = LaneState.up()
    let jobs = ["a", "b", "c"].map { Job.read($0) }
    for job in jobs { _ = state.submit(job) }
    jobs[1].abandon()
    let departures = state.departures()
    #expect(departures.map { $0.group.map(\.name) } == [["a", "c"]])
    #expect(departures.flatMap { $0.abandoned.map(\.name) } == ["b"])
    let alone = Job.read("d")
    alone.abandon()
    _ = state.submit(alone)
    let last = state.departures()
    #expect(last.count == 1 && last[0].group.isEmpty && last[0].abandoned.map(\.name) == ["d"])
    #expect(state.load == (0, 1), "nothing was sent for it")
  }

  @Test("callers that wait together become one job; later ones wait for the next") func gathering() {
    var limits = LaneLimits()
    (limits.groups, limits.fullGroups, limits.groupWeight) = (1, 1, 3)
    var state = LaneState.up(limits)
    let (one, two) = (Crowd(), Crowd())
    for caller in ["a1", "a2", "a3", "a4", "a5"] { _ = one.join(caller, &state) }
    _ = two.join("b1", &state)
    one.gone = ["a2"]
    var sent: [String] = []
    for _ in 0..<3 {
      for departure in state.departures() {
        sent.append(departure.group.map(\.name).joined(separator: " + "))
        for job in departure.group { #expect(state.ended(job, .rows([]), now: 0) == .finish) }
        state.groupEnded()
      }
    }
    // The other table's caller does not wait behind all of the first's.
    #expect(sent == ["a1,a3,a4", "b1 + a5"])
    #expect(state.load == (0, 0))
    #expect(state.counters.statements == 3 && state.counters.weight == 5)
  }
}
