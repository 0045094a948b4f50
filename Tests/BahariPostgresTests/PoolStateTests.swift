import TestSupport
import Testing

@testable import BahariPostgres

/// The pool's decisions as tables: events, and the actions after them.
@Suite("Pool state") struct PoolStateTests {
  private let second: UInt64 = 1_000_000_000

  private func state(size: Int = 2, queue: Int = 3, lifetime: UInt64 = 0) -> PoolState {
    var limits = PoolLimits()
    limits.size = size
    limits.queue = queue
    limits.lifetimeNanoseconds = lifetime
    return PoolState(limits, seed: 1)
  }

  /// One connection, leased to waiter 1.
  private func leased(size: Int = 2, queue: Int = 3, lifetime: UInt64 = 0) -> PoolState {
    var state = state(size: size, queue: queue, lifetime: lifetime)
    #expect(state.request(1, now: 0) == [.connect(1)])
    #expect(state.connected(1, now: 0) == [.lease(1, 1)])
    return state
  }

  @Test("it grows on demand, to its size and no further") func grows() {
    var state = state()
    #expect(state.tick(now: 0) == [])
    #expect(state.request(1, now: 0) == [.connect(1)])
    #expect(state.request(2, now: 0) == [.connect(2)])
    #expect(state.request(3, now: 0) == [])
    #expect(state.counts == (2, 0, 0, 3))
    #expect(state.connected(1, now: 0) == [.lease(1, 1)])
    #expect(state.connected(2, now: 0) == [.lease(2, 2)])
    #expect(state.counts == (0, 0, 2, 1))
    #expect(state.release(1, reusable: true, now: 0) == [.lease(3, 1)])
  }

  @Test("a connection that a waiter is coming to is not made twice") func noSurplus() {
    var state = leased()
    #expect(state.release(1, reusable: true, now: 0) == [])
    #expect(state.request(2, now: 0) == [.lease(2, 1)])
    #expect(state.request(3, now: 0) == [.connect(2)])
    // The first comes back sooner than the second is made, which then waits for the next.
    #expect(state.release(1, reusable: true, now: 0) == [.lease(3, 1)])
    #expect(state.connected(2, now: 0) == [])
    #expect(state.request(4, now: 0) == [.lease(4, 2)])
  }

  @Test("the connection used last is leased first, waiters are served first come first") func order() {
    var state = leased()
    #expect(state.request(2, now: 0) == [.connect(2)])
    #expect(state.connected(2, now: 0) == [.lease(2, 2)])
    #expect(state.release(2, reusable: true, now: 0) == [])
    #expect(state.release(1, reusable: true, now: 0) == [])
    #expect(state.request(3, now: 0) == [.lease(3, 1)])
    #expect(state.request(4, now: 0) == [.lease(4, 2)])
    for waiter in 5...7 { #expect(state.request(waiter, now: 0) == []) }
    #expect(state.release(2, reusable: true, now: 0) == [.lease(5, 2)])
    #expect(state.release(1, reusable: true, now: 0) == [.lease(6, 1)])
    #expect(state.release(1, reusable: true, now: 0) == [.lease(7, 1)])
  }

  @Test("a waiter that goes away is passed over") func cancelled() {
    var state = leased(size: 1)
    for waiter in 2...4 { #expect(state.request(waiter, now: 0) == []) }
    state.cancel(2)
    state.cancel(4)
    state.cancel(99)
    #expect(state.release(1, reusable: true, now: 0) == [.lease(3, 1)])
    #expect(state.release(1, reusable: true, now: 0) == [])
    #expect(state.counts == (0, 1, 0, 0))
  }

  @Test("waiters beyond the queue are refused, and only those") func queue() {
    var state = leased(size: 1)
    for waiter in 2...4 { #expect(state.request(waiter, now: 0) == []) }
    #expect(state.request(5, now: 0) == [.refuse(5, .overloaded)])
    state.cancel(3)
    #expect(state.request(6, now: 0) == [])
    #expect(state.release(1, reusable: true, now: 0) == [.lease(2, 1)])
  }

  @Test("a failure to connect refuses the waiters when nothing is connected") func down() {
    var state = state()
    _ = state.request(1, now: 0)
    _ = state.request(2, now: 0)
    _ = state.request(3, now: 0)
    #expect(
      state.connectFailed(1, now: 0) == [.refuse(1, .unavailable), .refuse(2, .unavailable), .refuse(3, .unavailable)])
    // At once, without another attempt, until the pause is over.
    #expect(state.request(4, now: 1) == [.refuse(4, .unavailable)])
    #expect(state.tick(now: 2) == [])
    #expect(state.connectFailed(2, now: 3) == [])
    #expect(state.counts == (0, 0, 0, 0))
    #expect(state.request(5, now: 10 * second) == [.connect(3)])
    #expect(state.connected(3, now: 10 * second) == [.lease(5, 3)])
    #expect(state.request(6, now: 10 * second) == [.connect(4)])
  }

  @Test("and leaves them waiting when something is, which serves them") func halfDown() {
    var state = leased()
    #expect(state.request(2, now: 0) == [.connect(2)])
    #expect(state.connectFailed(2, now: 0) == [])
    #expect(state.request(3, now: 0) == [], "no attempt while the pause lasts")
    #expect(state.counts == (0, 0, 1, 2))
    #expect(state.release(1, reusable: true, now: 0) == [.lease(2, 1)])
    // The pause is over: the housekeeping makes the missing one.
    #expect(state.tick(now: 10 * second) == [.connect(3)])
    #expect(state.connected(3, now: 10 * second) == [.lease(3, 3)])
  }

  @Test("the last connection is lost during the pause: waiters are served or refused after it") func stranded() {
    var state = leased()
    _ = state.request(2, now: 0)
    #expect(state.connectFailed(2, now: 0) == [])
    #expect(state.lost(1, now: 0) == [])
    #expect(state.counts == (0, 0, 0, 1))
    #expect(state.tick(now: 10 * second) == [.connect(3)])
    #expect(state.connectFailed(3, now: 10 * second) == [.refuse(2, .unavailable)])
  }

  @Test("the pause between attempts grows, and ends with a success") func backoff() {
    func pause(after failures: Int) -> UInt64 {
      var state = state(size: 1)
      var now: UInt64 = 0
      for failure in 1...failures {
        #expect(state.request(failure, now: now) == [.connect(failure)])
        #expect(state.connectFailed(failure, now: now) == [.refuse(failure, .unavailable)])
        if failure < failures { now += 10 * second }
      }
      var length: UInt64 = 0
      while state.request(100, now: now + length) == [.refuse(100, .unavailable)] { length += 1_000_000 }
      return length
    }
    #expect((37_000_000...63_000_000).contains(pause(after: 1)))
    #expect((149_000_000...251_000_000).contains(pause(after: 3)))
    #expect((374_000_000...626_000_000).contains(pause(after: 12)))
  }

  @Test("a connection that closes by itself is replaced for the waiters") func lost() {
    var state = leased(size: 1)
    #expect(state.request(2, now: 0) == [])
    #expect(state.lost(1, now: 0) == [.connect(2)])
    #expect(state.release(1, reusable: true, now: 0) == [], "given back after it was lost")
    #expect(state.lost(1, now: 0) == [])
    #expect(state.connected(2, now: 0) == [.lease(2, 2)])
    #expect(state.release(2, reusable: true, now: 0) == [])
    #expect(state.lost(2, now: 0) == [], "nobody waits")
    #expect(state.counts == (0, 0, 0, 0))
    #expect(state.request(3, now: 0) == [.connect(3)], "a pool drained to nothing fills again")
  }

  @Test("a connection that cannot be used again is closed, and replaced for the waiters") func spoiled() {
    var state = leased(size: 1)
    #expect(state.request(2, now: 0) == [])
    #expect(state.release(1, reusable: false, now: 0) == [.close(1), .connect(2)])
    #expect(state.connected(2, now: 0) == [.lease(2, 2)])
    #expect(state.release(2, reusable: false, now: 0) == [.close(2)])
    #expect(state.release(2, reusable: true, now: 0) == [], "given back twice")
  }

  @Test("a connection nobody asked for any more is kept; an unknown one is closed") func late() {
    var state = state(size: 1)
    _ = state.request(1, now: 0)
    state.cancel(1)
    #expect(state.connected(1, now: 0) == [])
    #expect(state.counts == (0, 1, 0, 0))
    #expect(state.connected(7, now: 0) == [.close(7)])
  }

  @Test("an old connection goes: idle by the housekeeping, leased when it comes back") func lifetime() {
    let life = 100 * second
    for seed in 1...50 as ClosedRange<UInt64> {
      var limits = PoolLimits()
      (limits.size, limits.lifetimeNanoseconds) = (1, life)
      var state = PoolState(limits, seed: seed)
      _ = state.request(1, now: 0)
      _ = state.connected(1, now: 0)
      #expect(state.release(1, reusable: true, now: 0) == [])
      #expect(state.tick(now: 90 * second - 1) == [])
      #expect(state.tick(now: 110 * second + 1) == [.close(1)])
      #expect(state.counts == (0, 0, 0, 0))
    }
    var state = leased(size: 1, lifetime: life)
    _ = state.request(2, now: 0)
    #expect(state.release(1, reusable: true, now: 200 * second) == [.close(1), .connect(2)])
    _ = state.connected(2, now: 200 * second)
    #expect(state.release(2, reusable: true, now: 201 * second) == [])
    #expect(state.request(3, now: 400 * second) == [.close(2), .connect(3)], "expired while idle")
  }

  @Test("connections made together do not expire together") func jitter() {
    var state = state(size: 50, queue: 100, lifetime: 100 * second)
    for waiter in 1...50 { _ = state.request(waiter, now: 0) }
    for id in 1...50 { _ = state.connected(id, now: 0) }
    for id in 1...50 { _ = state.release(id, reusable: true, now: 0) }
    let closed = (90...110).map { state.tick(now: UInt64($0) * second).count }
    #expect(closed.reduce(0, +) == 50)
    #expect(closed.count { $0 > 0 } > 10)
  }

  @Test("lifetime 0 is no limit, not an end at once") func unlimited() {
    var state = leased(lifetime: 0)
    #expect(state.release(1, reusable: true, now: .max - 1) == [])
    #expect(state.tick(now: .max - 1) == [])
    #expect(state.request(2, now: .max - 1) == [.lease(2, 1)])
  }

  @Test("closed: connections are closed, waiters and later requests are refused") func closed() {
    var state = state(size: 3)
    for waiter in 1...2 { _ = state.request(waiter, now: 0) }
    for id in 1...2 { _ = state.connected(id, now: 0) }
    #expect(state.release(2, reusable: true, now: 0) == [])
    #expect(state.request(3, now: 0) == [.lease(3, 2)])
    for waiter in 4...5 { _ = state.request(waiter, now: 0) }
    #expect(state.counts == (1, 0, 2, 2), "the third connection is being made")
    #expect(!state.isClosed)
    #expect(state.close() == [.close(1), .close(2), .refuse(4, .unavailable), .refuse(5, .unavailable)])
    #expect(state.isClosed && state.counts == (0, 0, 0, 0))
    #expect(state.request(6, now: 1) == [.refuse(6, .unavailable)])
    #expect(state.release(1, reusable: true, now: 1) == [], "closed under its user")
    #expect(state.lost(2, now: 1) == [])
    #expect(state.connected(3, now: 1) == [.close(3)], "made too late")
    #expect(state.tick(now: 100 * second) == [])
    #expect(state.close() == [])
  }

  @Test("closed during an outage: no attempt follows, and nothing is to be logged", arguments: [false, true])
  func closedWhileDown(isDown: Bool) {
    var state = state()
    _ = state.request(1, now: 0)
    if isDown {
      #expect(state.isOpen)
      _ = state.connectFailed(1, now: 0)
      #expect(!state.isOpen)
      #expect(state.close() == [])
    } else {
      #expect(state.close() == [.refuse(1, .unavailable)])
      #expect(state.connectFailed(1, now: 0) == [])
    }
    #expect(!state.isOpen && state.isClosed)
    #expect(state.request(2, now: 100 * second) == [.refuse(2, .unavailable)])
    #expect(state.tick(now: 100 * second) == [])
  }
}
