import TestSupport
import Testing

@testable import BahariPostgres

/// Random events, and the conditions that hold after each of them.
@Suite("Pool state, random") struct PoolModelTests {
  /// The world around the pool: the actions it asked for, and their effects.
  private struct World {
    static let size = 4
    var state: PoolState
    var random: Seeded
    var now: UInt64 = 0
    var lastWaiter = 0
    var waiting: Set<Int> = []
    var answered: Set<Int> = []
    var connecting: Set<Int> = []
    var idle: Set<Int> = []
    var leased: Set<Int> = []
    var faults: [String] = []

    init(seed: UInt64) {
      var limits = PoolLimits()
      (limits.size, limits.queue, limits.lifetimeNanoseconds) = (World.size, 6, 20_000_000_000)
      state = PoolState(limits, seed: seed)
      random = Seeded(seed)
    }

    mutating func perform(_ actions: [PoolState.Action]) {
      for action in actions {
        switch action {
        case .connect(let id): if !connecting.insert(id).inserted { faults.append("connects \(id) twice") }
        case .close(let id):
          if idle.remove(id) == nil, leased.remove(id) == nil { faults.append("closes \(id), which is not open") }
        case .lease(let waiter, let id):
          answer(waiter)
          if idle.remove(id) == nil { faults.append("leases \(id), which is not idle") }
          leased.insert(id)
        case .refuse(let waiter, _): answer(waiter)
        }
      }
    }

    private mutating func answer(_ waiter: Int) {
      if waiting.remove(waiter) == nil { faults.append("answers \(waiter), who does not wait") }
      if !answered.insert(waiter).inserted { faults.append("answers \(waiter) twice") }
    }

    /// One event of those that can happen now.
    mutating func step() {
      now += UInt64.random(in: 0...300_000_000, using: &random)
      switch Int.random(in: 0..<12, using: &random) {
      case 0...3:
        lastWaiter += 1
        waiting.insert(lastWaiter)
        perform(state.request(lastWaiter, now: now))
      case 4...5:
        guard let id = connecting.sorted().randomElement(using: &random) else { return }
        connecting.remove(id)
        idle.insert(id)
        perform(state.connected(id, now: now))
      case 6:
        guard let id = connecting.sorted().randomElement(using: &random) else { return }
        connecting.remove(id)
        perform(state.connectFailed(id, now: now))
      case 7...8:
        guard let id = leased.sorted().randomElement(using: &random) else { return }
        leased.remove(id)
        idle.insert(id)
        perform(state.release(id, reusable: Int.random(in: 0..<5, using: &random) > 0, now: now))
      case 9:
        guard let id = idle.union(leased).sorted().randomElement(using: &random) else { return }
        idle.remove(id)
        leased.remove(id)
        perform(state.lost(id, now: now))
      case 10:
        guard let waiter = waiting.sorted().randomElement(using: &random) else { return }
        waiting.remove(waiter)
        state.cancel(waiter)
      default: perform(state.tick(now: now))
      }
    }

    /// The pool is closed, and then everything comes back that was out.
    mutating func close() {
      perform(state.close())
      if !waiting.isEmpty || !idle.isEmpty || !leased.isEmpty { faults.append("closed, and something is left") }
      for id in connecting.sorted() {
        idle.insert(id)
        perform(state.connected(id, now: now))
      }
      connecting = []
      for _ in 0..<1_000 { step() }
      check()
      if !connecting.isEmpty || !idle.isEmpty { faults.append("the closed pool makes connections") }
    }

    mutating func check() {
      if connecting.count + idle.count + leased.count > World.size { faults.append("more connections than its size") }
      if !waiting.isEmpty, !idle.isEmpty { faults.append("a waiter waits beside an idle connection") }
      if state.counts != (connecting.count, idle.count, leased.count, waiting.count) {
        faults.append(
          "counts \(state.counts), and there are \((connecting.count, idle.count, leased.count, waiting.count))")
      }
    }
  }

  @Test("10,000 random events break nothing", arguments: 1...10 as ClosedRange<UInt64>) func random(seed: UInt64) {
    var world = World(seed: seed)
    for step in 1...10_000 where world.faults.isEmpty {
      world.step()
      world.check()
      #expect(world.faults.isEmpty, "step \(step)")
    }
    #expect(world.answered.count > 1_000)
    var closing = world
    closing.close()
    #expect(closing.faults.isEmpty)
    // The end of it: all is given back and the server answers again. Nobody is forgotten.
    for _ in 0..<100 where !world.waiting.isEmpty {
      world.now += 10_000_000_000
      for id in world.leased.sorted() {
        world.leased.remove(id)
        world.idle.insert(id)
        world.perform(world.state.release(id, reusable: true, now: world.now))
      }
      world.perform(world.state.tick(now: world.now))
      for id in world.connecting.sorted() {
        world.connecting.remove(id)
        world.idle.insert(id)
        world.perform(world.state.connected(id, now: world.now))
      }
      world.check()
    }
    #expect(world.waiting.isEmpty)
    #expect(world.faults.isEmpty)
  }
}
