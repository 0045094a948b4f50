/// A pool's decisions as a state machine: it is told of events and returns actions. It opens no socket, reads no clock
/// and answers no caller; `Pool` does that.
package struct PoolState {
  package typealias ConnectionID = Int
  package typealias WaiterID = Int

  /// An action that `Pool` carries out after an event. Actions are carried out in the order in which they are returned.
  package enum Action: Equatable, Sendable {
    case connect(ConnectionID)
    case close(ConnectionID)
    case lease(WaiterID, ConnectionID)
    case refuse(WaiterID, QueueRefusal)
  }

  private enum Phase: Equatable {
    /// Connections are made as waiters need them. Next: `down` when an attempt fails, `closed`.
    case open
    /// The last attempt to connect failed; the next one is made after this time. Next: `open` when an attempt succeeds,
    /// `closed`.
    case down(until: UInt64)
    /// The pool is closed: waiters are refused, and a connection that was being made is closed as soon as it is there.
    /// The last phase.
    case closed
  }

  /// The state of one connection: connecting, then idle and leased in turn. A closed connection has no slot.
  private enum Slot: Equatable {
    case connecting
    case idle(expires: UInt64)
    case leased(expires: UInt64)
  }

  private let limits: PoolLimits
  private var phase = Phase.open
  private var slots: [ConnectionID: Slot] = [:]
  /// Idle connections in the order of their last use; the most recently used one, at the end, is leased first.
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

  /// The numbers of connections that are being made, idle and leased, and of waiters.
  package var counts: (connecting: Int, idle: Int, leased: Int, waiting: Int) {
    let connecting = slots.values.count { $0 == .connecting }
    return (connecting, idle.count, slots.count - connecting - idle.count, waiters.count)
  }

  var isClosed: Bool { phase == .closed }

  /// Whether a failed attempt to connect is to be logged: the attempt before it did not fail, and the pool is not
  /// closed.
  var isOpen: Bool { phase == .open }

  /// A waiter asks for a connection. It gets exactly one action `lease` or `refuse`, unless it is cancelled before.
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

  /// Removes a waiter that has given up.
  package mutating func cancel(_ waiter: WaiterID) { waiters.removeAll { $0 == waiter } }

  package mutating func connected(_ id: ConnectionID, now: UInt64) -> [Action] {
    guard slots[id] == .connecting else { return [.close(id)] }
    phase = .open
    backoff.reset()
    // Several waiters may have queued during an outage, so more connections may be needed.
    return makeIdle(id, expires: expiry(now)) + grow(now)
  }

  package mutating func connectFailed(_ id: ConnectionID, now: UInt64) -> [Action] {
    guard slots.removeValue(forKey: id) != nil else { return [] }
    phase = .down(until: now &+ backoff.next())
    // If the pool has other connections, the waiters get those when they are released. Without any, the waiters are
    // refused.
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

  /// Called when a connection, idle or leased, has closed without the pool closing it.
  package mutating func lost(_ id: ConnectionID, now: UInt64) -> [Action] {
    guard slots.removeValue(forKey: id) != nil else { return [] }
    idle.removeAll { $0 == id }
    return grow(now)
  }

  /// Called about once a second, so that a pool that nobody uses closes its old connections too.
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

  /// Makes new connections, within the pool's size, until one is being made for each waiter.
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
