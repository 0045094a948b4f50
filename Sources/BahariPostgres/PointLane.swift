import BahariShard

/// How much a lane takes on.
package struct LaneLimits: Sendable {
  /// Statements on the way to PostgreSQL at a time; what comes more waits here.
  package var depth = 512
  /// Jobs that wait; what comes more is refused.
  package var queue = 8192

  package init() {}
}

/// One connection for short single statements of many callers. Jobs that arrive in one event leave in one
/// write; reads among them share one Sync. A lane keeps itself connected.
package final class PointLane: EventEnd {
  private enum State {
    /// Up, or being brought up after a loss; jobs wait.
    case open
    /// The last attempt failed; jobs are refused at once until one succeeds.
    case down
  }

  private let options: ConnectionOptions
  private let limits: LaneLimits
  private let log: @Sendable (String) -> Void
  private var state = State.open
  private var connection: Connection?
  private var waiting = Fifo<Job>()
  /// Jobs that must not wait behind new ones.
  private var again = Fifo<Job>()
  private var inFlight = 0
  private var isScheduled = false
  private var isClosed = false
  private var upWaiters: [() -> Void] = []
  private var backoff = Backoff(seed: Shard.now)

  package init(
    _ options: ConnectionOptions, limits: LaneLimits = LaneLimits(), log: @escaping @Sendable (String) -> Void
  ) {
    self.options = options
    self.limits = limits
    self.log = log
  }

  /// Whether there is a connection now.
  package var isUp: Bool { connection != nil }

  /// Calls `body` as soon as there is a connection, or the lane is closed.
  package func whenUp(_ body: @escaping () -> Void) {
    if isUp || isClosed { body() } else { upWaiters.append(body) }
  }

  package func open(on shard: isolated Shard) { connect(on: shard) }

  /// Lets go of the connection; what is on the way is told as lost.
  package func close(on shard: isolated Shard) {
    isClosed = true
    connection?.close(on: shard)
    refuseAll()
    tellWaiters()
  }

  package func submit(_ job: Job, on shard: isolated Shard) {
    guard state == .open, !isClosed else { return job.finish(.failure(.unavailable)) }
    guard waiting.count < limits.queue else { return job.finish(.failure(.overloaded)) }
    waiting.append(job)
    schedule(on: shard)
  }

  // MARK: Sending

  private func schedule(on shard: isolated Shard) {
    guard !isScheduled else { return }
    isScheduled = true
    shard.atEndOfEvent(self)
  }

  package func eventEnded(on shard: isolated Shard) {
    isScheduled = false
    guard let connection else { return }
    var shared = 0
    // A send that fails closes the connection; what is left waits for the next.
    while inFlight < limits.depth, connection.isOpen, let job = again.popFirst() ?? waiting.popFirst() {
      if job.isAbandoned {
        job.finish(.failure(.abandoned))
      } else if job.isRead && !job.runsAlone {
        inFlight += 1
        shared += 1
        connection.send(job, on: shard) { self.settle(job, $0, on: shard) }
      } else {
        // A Sync of its own, and one in front that ends the transaction of the reads before it.
        if shared > 0 { connection.sync(on: shard) }
        shared = 0
        inFlight += 1
        connection.sendCommitted(job, on: shard) { self.settle(job, $0, on: shard) }
      }
    }
    if shared > 0 { connection.sync(on: shard) }
  }

  private func settle(_ job: Job, _ end: JobEnd, on shard: isolated Shard) {
    inFlight -= 1
    if case .refused(let error) = end, error.sqlState.endsConnection {
      log("the point lane's connection was ended by the server: \(error.sqlState)")
      if job.settle(end) == .again { again.append(job) }
      connection?.close(on: shard)
      return
    }
    if job.settle(end) == .again { again.append(job) }
    if !again.isEmpty || !waiting.isEmpty { schedule(on: shard) }
  }

  // MARK: Connecting

  private func connect(on shard: isolated Shard) {
    guard !isClosed else { return }
    Connecting.start(options, on: shard) { result in
      switch result {
      case .success(let connection): self.connected(connection, on: shard)
      case .failure(let error): self.failed(error, on: shard)
      }
    }
  }

  private func connected(_ fresh: Connection, on shard: isolated Shard) {
    guard !isClosed else { return fresh.close(on: shard) }
    connection = fresh
    state = .open
    backoff.reset()
    fresh.whenClosed {
      self.connection = nil
      guard !self.isClosed else { return }
      self.log("the point lane lost its connection and makes a new one")
      self.connect(on: shard)
    }
    schedule(on: shard)
    tellWaiters()
  }

  private func tellWaiters() {
    let waiters = upWaiters
    upWaiters.removeAll()
    for waiter in waiters { waiter() }
  }

  private func failed(_ error: ConnectError, on shard: isolated Shard) {
    if state == .open { log("PostgreSQL cannot be reached: \(error)") }
    state = .down
    refuseAll()
    _ = shard.schedule(after: backoff.next()) { self.connect(on: shard) }
  }

  private func refuseAll() {
    for job in again.removeAll() + waiting.removeAll() { job.finish(.failure(.unavailable)) }
  }
}
