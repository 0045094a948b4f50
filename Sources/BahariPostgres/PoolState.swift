/// How many exclusive connections there are, and who waits for one.
package struct PoolLimits: Sendable {
  package var size = 4
  /// Waiters beyond this many are refused.
  package var queue = 1024
  /// A connection older than this is replaced, give or take 10 %. 0 for no limit.
  package var lifetimeNanoseconds: UInt64 = 30 * 60 * 1_000_000_000

  package init() {}
}

/// The pool's decisions, without the pool: events in, actions out. Imports nothing, reads no clock.
package struct PoolState {
  package typealias ConnectionID = Int
  package typealias WaiterID = Int

  package enum Action: Equatable, Sendable {
    case connect(ConnectionID)
    case close(ConnectionID)
    case lease(WaiterID, ConnectionID)
    case refuse(WaiterID, Refusal)
  }

  package enum Refusal: Equatable, Sendable {
    case unavailable
    case overloaded
  }

  private enum Slot: Equatable {
    case connecting
    case idle(expires: UInt64)
    case leased(expires: UInt64)
  }

  private let limits: PoolLimits
  private var slots: [ConnectionID: Slot] = [:]
  /// Idle connections, the one used last at the end: it is leased first, and the others may expire.
  private var idle: [ConnectionID] = []
  private var waiters: [WaiterID] = []
  private var lastID = 0
  private var backoff: Backoff
  private var random: SplitMix
  /// While the server cannot be reached: when the next attempt may be made.
  private var downUntil: UInt64?

  package init(_ limits: PoolLimits, seed: UInt64) {
    self.limits = limits
    backoff = Backoff(seed: seed)
    random = SplitMix(state: seed &+ 1)
  }

  /// Connections being made, idle and leased; waiters.
  package var counts: (connecting: Int, idle: Int, leased: Int, waiting: Int) {
    let connecting = slots.values.count { $0 == .connecting }
    return (connecting, idle.count, slots.count - connecting - idle.count, waiters.count)
  }

  /// Whether the last attempt to connect failed.
  var isDown: Bool { downUntil != nil }

  package mutating func request(_ waiter: WaiterID, now: UInt64) -> [Action] {
    var actions = closeExpired(now)
    if let id = idle.popLast() { return actions + [lease(waiter, id)] }
    if let downUntil, now < downUntil, !hasConnections { return actions + [.refuse(waiter, .unavailable)] }
    guard waiters.count < limits.queue else { return actions + [.refuse(waiter, .overloaded)] }
    waiters.append(waiter)
    actions += grow(now)
    return actions
  }

  /// The waiter's deadline passed, or it went away.
  package mutating func cancel(_ waiter: WaiterID) { waiters.removeAll { $0 == waiter } }

  package mutating func connected(_ id: ConnectionID, now: UInt64) -> [Action] {
    downUntil = nil
    backoff.reset()
    guard slots[id] == .connecting else { return [.close(id)] }
    // After an outage others may have waited for this sign of life.
    return makeIdle(id, expires: expiry(now)) + grow(now)
  }

  package mutating func connectFailed(_ id: ConnectionID, now: UInt64) -> [Action] {
    slots[id] = nil
    downUntil = now &+ backoff.next()
    // With other connections in use, their return serves the waiters; without, nothing will.
    guard !hasConnections else { return [] }
    defer { waiters.removeAll() }
    return waiters.map { .refuse($0, .unavailable) }
  }

  package mutating func release(_ id: ConnectionID, reusable: Bool, now: UInt64) -> [Action] {
    guard case .leased(let expires)? = slots[id] else { return [] }
    guard reusable, now < expires else {
      slots[id] = nil
      return [.close(id)] + grow(now)
    }
    return makeIdle(id, expires: expires)
  }

  /// A connection closed by itself, idle or leased.
  package mutating func lost(_ id: ConnectionID, now: UInt64) -> [Action] {
    guard slots.removeValue(forKey: id) != nil else { return [] }
    idle.removeAll { $0 == id }
    return grow(now)
  }

  /// To be called now and then, so that a pool nobody uses lets old connections go.
  package mutating func tick(now: UInt64) -> [Action] { closeExpired(now) + grow(now) }

  // MARK: Helpers

  private var hasConnections: Bool { slots.values.contains { $0 != .connecting } }

  private mutating func lease(_ waiter: WaiterID, _ id: ConnectionID) -> Action {
    if case .idle(let expires)? = slots[id] { slots[id] = .leased(expires: expires) }
    return .lease(waiter, id)
  }

  private mutating func makeIdle(_ id: ConnectionID, expires: UInt64) -> [Action] {
    slots[id] = .idle(expires: expires)
    guard !waiters.isEmpty else {
      idle.append(id)
      return []
    }
    return [lease(waiters.removeFirst(), id)]
  }

  /// As many new connections as there are waiters without one on the way.
  private mutating func grow(_ now: UInt64) -> [Action] {
    if let downUntil, now < downUntil { return [] }
    var actions: [Action] = []
    var underway = slots.values.count { $0 == .connecting }
    while underway < waiters.count, slots.count < limits.size {
      lastID += 1
      slots[lastID] = .connecting
      underway += 1
      actions.append(.connect(lastID))
    }
    return actions
  }

  private mutating func closeExpired(_ now: UInt64) -> [Action] {
    let expired = idle.filter { id in
      if case .idle(let expires)? = slots[id] { return expires <= now }
      return false
    }
    guard !expired.isEmpty else { return [] }
    idle.removeAll { expired.contains($0) }
    for id in expired { slots[id] = nil }
    return expired.map { .close($0) }
  }

  private mutating func expiry(_ now: UInt64) -> UInt64 {
    guard limits.lifetimeNanoseconds > 0 else { return .max }
    return now &+ random.jittered(limits.lifetimeNanoseconds, percent: 10)
  }
}
