/// A pool's decisions, without the pool: events in, actions out. Opens no socket, reads no clock, calls no caller.
package struct PoolState {
  package typealias ConnectionID = Int
  package typealias WaiterID = Int

  /// What is to be done after an event, in this order.
  package enum Action: Equatable, Sendable {
    case connect(ConnectionID)
    case close(ConnectionID)
    case lease(WaiterID, ConnectionID)
    case refuse(WaiterID, QueueRefusal)
  }

  private enum Phase: Equatable {
    /// Connections are made as waiters need them. Next: `down` when an attempt fails, `closed`.
    case open
    /// The last attempt to connect failed; no other is made before this time. Next: `open` when one succeeds, `closed`.
    case down(until: UInt64)
    /// For good: waiters are refused, and a connection that still is being made is closed when it is there.
    case closed
  }

  /// The life of a connection: connecting, then idle and leased in turn, until it is closed and its slot is gone.
  private enum Slot: Equatable {
    case connecting
    case idle(expires: UInt64)
    case leased(expires: UInt64)
  }

  private let limits: PoolLimits
  private var phase = Phase.open
  private var slots: [ConnectionID: Slot] = [:]
  /// Idle connections, the one used last at the end: it is leased first, and the others may expire.
  private var idle: [ConnectionID] = []
  private var waiters: [WaiterID] = []
  private var lastID = 0
  private var backoff: Backoff
  private var random: SplitMix

  package init(_ limits: PoolLimits, seed: UInt64) {
    self.limits = limits
    backoff = Backoff(seed: seed)
    random = SplitMix(state: seed &+ 1)
  }

  /// Connections that are being made, idle and leased; waiters.
  package var counts: (connecting: Int, idle: Int, leased: Int, waiting: Int) {
    let connecting = slots.values.count { $0 == .connecting }
    return (connecting, idle.count, slots.count - connecting - idle.count, waiters.count)
  }

  var isClosed: Bool { phase == .closed }

  /// Whether a failure to connect is news: the attempt before succeeded, and the pool is not closed.
  var isOpen: Bool { phase == .open }

  /// Somebody wants a connection, and gets exactly one `lease` or `refuse`, unless it is cancelled before.
  package mutating func request(_ waiter: WaiterID, now: UInt64) -> [Action] {
    guard !isClosed else { return [.refuse(waiter, .unavailable)] }
    var actions = closeExpired(now)
    if let id = idle.popLast() { return actions + [lease(waiter, id)] }
    if isPausing(now), !hasConnections { return actions + [.refuse(waiter, .unavailable)] }
    guard waiters.count < limits.queue else { return actions + [.refuse(waiter, .overloaded)] }
    waiters.append(waiter)
    actions += grow(now)
    return actions
  }

  /// The waiter gives up.
  package mutating func cancel(_ waiter: WaiterID) { waiters.removeAll { $0 == waiter } }

  package mutating func connected(_ id: ConnectionID, now: UInt64) -> [Action] {
    guard slots[id] == .connecting else { return [.close(id)] }
    phase = .open
    backoff.reset()
    // After an outage other waiters may need connections, too.
    return makeIdle(id, expires: expiry(now)) + grow(now)
  }

  package mutating func connectFailed(_ id: ConnectionID, now: UInt64) -> [Action] {
    guard slots.removeValue(forKey: id) != nil else { return [] }
    phase = .down(until: now &+ backoff.next())
    // With other connections in use, their return serves the waiters; without, nothing will.
    guard !hasConnections else { return [] }
    return refuseWaiters()
  }

  package mutating func release(_ id: ConnectionID, reusable: Bool, now: UInt64) -> [Action] {
    guard case .leased(let expires)? = slots[id] else { return [] }
    guard reusable, now < expires else {
      slots[id] = nil
      return [.close(id)] + grow(now)
    }
    return makeIdle(id, expires: expires)
  }

  /// A connection, idle or leased, has closed by itself.
  package mutating func lost(_ id: ConnectionID, now: UInt64) -> [Action] {
    guard slots.removeValue(forKey: id) != nil else { return [] }
    idle.removeAll { $0 == id }
    return grow(now)
  }

  /// To be called about once a second, so that a pool that nobody uses closes its old connections.
  package mutating func tick(now: UInt64) -> [Action] { closeExpired(now) + grow(now) }

  /// Closes all connections, leased ones too, and refuses the waiters.
  package mutating func close() -> [Action] {
    phase = .closed
    let made = slots.filter { $0.value != .connecting }.keys.sorted()
    slots.removeAll()
    idle.removeAll()
    return made.map { .close($0) } + refuseWaiters()
  }

  // MARK: Helpers

  private var hasConnections: Bool { slots.values.contains { $0 != .connecting } }

  private func isPausing(_ now: UInt64) -> Bool { if case .down(let until) = phase { now < until } else { false } }

  private mutating func refuseWaiters() -> [Action] {
    defer { waiters.removeAll() }
    return waiters.map { .refuse($0, .unavailable) }
  }

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
    guard !isClosed, !isPausing(now) else { return [] }
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
