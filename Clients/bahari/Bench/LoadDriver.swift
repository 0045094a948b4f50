import BahariFrame
import Glibc

/// Makes the calls of a workload over many connections, which one thread polls. The driver does little work per call,
/// so that the daemon is measured and not this program.
///
/// Without a rate the loop is closed: the next call is sent after a reply. With a rate the loop is open: calls are due
/// at even intervals, and latencies count from the due time, even if a call is sent late because too many calls are in
/// flight. So a daemon that falls behind does not get better figures by receiving fewer calls.
final class LoadDriver {
  private let workload: any Workload
  private let options: LoadOptions
  private let connections: [LoadConnection]
  private var polls: [pollfd]
  private var report = LoadReport()
  private var isSending = true
  private var start: UInt64 = 0
  /// The time at which the measurement begins, after the warm-up.
  private var begin: UInt64 = 0
  /// The time at which the measurement ends; no calls are sent afterwards.
  private var end: UInt64 = 0
  /// The number of calls sent so far in the open loop, in which `options.rate` is set.
  private var made = 0
  private var nextConnection = 0
  /// How often the thread polls the connections again, yielding the processor each time, before it sleeps until a reply
  /// arrives. With few calls in flight, waking up takes longer than the replies; with many, a reply is always ready,
  /// and the number is 0.
  private let spins: Int
  /// How long to retry a lost connection, and how long to wait for the last replies, in nanoseconds.
  private static let patience: UInt64 = 30_000_000_000

  init(path: String, workload: any Workload, _ options: LoadOptions) throws {
    self.workload = workload
    self.options = options
    connections = try (0..<options.connections).map { _ in
      try LoadConnection(path, workload.methods, depth: options.depth, keepsRequests: options.repeats)
    }
    spins = options.connections * options.depth <= 64 ? 100 : 0
    polls = connections.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
  }

  /// Makes calls until the warm-up and `options.seconds` have passed or the workload has no more requests, then waits
  /// for the outstanding replies. Calls `shown` about ten times a second with the report so far.
  func run(shown: (LoadReport) -> Void = { _ in }) throws -> LoadReport {
    start = Clock.now
    begin = start + UInt64(options.warmup) * 1_000_000_000
    end = begin + UInt64(options.seconds) * 1_000_000_000
    var nextShown = start + 100_000_000
    if options.rate == nil { try fill(start) }
    while connections.contains(where: { $0.inFlight > 0 }) || (isSending && options.rate != nil) {
      let now = Clock.now
      if now >= end { isSending = false }
      guard now < end + LoadDriver.patience else {
        throw Failure(.deadlineExceeded, "replies are missing 30 s after the end")
      }
      if now > nextShown {
        report.nanoseconds = now > begin ? now - begin : 0
        shown(report)
        nextShown = now + 100_000_000
      }
      if let rate = options.rate { try sendDue(now, rate) }
      try takeAnswers()
    }
    report.nanoseconds = Clock.now - begin
    if let rate = options.rate { report.unsent = max(0, due(end, rate) - made) }
    report.repeats += connections.reduce(0) { $0 + $1.repeats }
    return report
  }

  private func fill(_ now: UInt64) throws {
    for connection in connections {
      for _ in 0..<options.depth { send(on: connection, now: now) }
      try reconnecting(connection) { try connection.flush() }
    }
  }

  // MARK: Open loop

  private func due(_ now: UInt64, _ rate: Int) -> Int {
    Int(Double(min(now, end) - start) * Double(rate) / 1e9)
  }

  private func sendDue(_ now: UInt64, _ rate: Int) throws {
    let due = due(now, rate)
    while isSending, made < due, let connection = connectionWithRoom() {
      send(on: connection, now: start + dueTime(made, rate))
      made += 1
      try reconnecting(connection) { try connection.flush() }
    }
  }

  /// Returns when the call with this number is due, in nanoseconds after the start.
  private func dueTime(_ number: Int, _ rate: Int) -> UInt64 { UInt64(Double(number) * 1e9 / Double(rate)) }

  private func connectionWithRoom() -> LoadConnection? {
    for _ in connections.indices {
      nextConnection = (nextConnection + 1) % connections.count
      if connections[nextConnection].inFlight < options.depth { return connections[nextConnection] }
    }
    return nil
  }

  // MARK: Answers

  private func takeAnswers() throws {
    var ready = poll(&polls, nfds_t(polls.count), 0)
    for _ in 0..<spins where ready == 0 {
      sched_yield()
      ready = poll(&polls, nfds_t(polls.count), 0)
    }
    let milliseconds = pause
    guard ready > 0 || poll(&polls, nfds_t(polls.count), milliseconds) >= 0 || errno == EINTR else {
      throw Failure(.internal, "poll failed: \(String(cString: strerror(errno)))")
    }
    for index in polls.indices where polls[index].revents != 0 {
      let connection = connections[index]
      let repeated = connection.repeats
      try reconnecting(connection) {
        let now = Clock.now
        try connection.receive { start, tag, answer in
          try note(start, tag, answer, now)
          if options.rate == nil { send(on: connection, now: now) }
        }
        try connection.flush()
      }
      // Calls that were refused with UNAVAILABLE have been sent again: pause, to limit how often they are repeated.
      if connection.repeats > repeated { usleep(1_000) }
    }
  }

  /// How long to wait for replies, in milliseconds: until the next call is due, rounded down, and at most a second.
  private var pause: Int32 {
    guard let rate = options.rate, isSending, connections.contains(where: { $0.inFlight < options.depth }) else {
      return 1_000
    }
    let due = start + dueTime(made, rate)
    let now = Clock.now
    return due > now ? Int32(min((due - now) / 1_000_000, 1_000)) : 0
  }

  private func note(_ start: UInt64, _ tag: Int, _ answer: ResponseEnvelope, _ now: UInt64) throws {
    var code = answer.status?.code.name
    if code == nil, !(try workload.answered(tag, answer.payload)) { code = LoadReport.wrong }
    if start >= begin { report.record(now > start ? now - start : 0, code) }
  }

  /// Runs `body`. If the connection is lost, reconnects and sends its calls again, or throws unless `options.repeats`.
  private func reconnecting(_ connection: LoadConnection, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch is LoadConnection.Lost {
      guard options.repeats else { throw LoadConnection.Lost.failure }
      report.losses += 1
      report.repeats += try connection.reconnect(until: Clock.now + LoadDriver.patience)
      for index in connections.indices { polls[index].fd = connections[index].socket }
    }
  }

  private func send(on connection: LoadConnection, now: UInt64) {
    guard isSending else { return }
    guard let request = workload.next() else { return isSending = false }
    connection.send(request, now: now)
  }
}
