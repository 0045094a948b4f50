import BahariFrame
import Glibc

/// A closed loop of calls over many sockets, by one thread that polls them: little work of its own, so that
/// the daemon is what is measured.
final class LoadDriver {
  private let workload: any Workload
  private let depth: Int
  private let lanes: [LoadLane]
  private var polls: [pollfd]
  private var report = LoadReport()
  private var isSending = true
  /// How often the thread asks for answers, yielding the processor in between, before it sleeps. With few calls
  /// in flight waking up takes longer than the answers do; with many there is always one to take.
  private let spins: Int

  init(path: String, workload: any Workload, connections: Int, depth: Int) throws {
    self.workload = workload
    self.depth = depth
    lanes = try (0..<connections).map { _ in
      try LoadLane(path, service: workload.service, method: workload.method, depth: depth)
    }
    spins = connections * depth <= 64 ? 100 : 0
    polls = lanes.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
  }

  /// Runs for `seconds`, or until the workload has no more, then takes the answers that are still on their way.
  /// `shown` is told now and then how far it has come.
  func run(seconds: Int, shown: (LoadReport) -> Void = { _ in }) throws -> LoadReport {
    let start = Clock.now
    let end = start + UInt64(seconds) * 1_000_000_000
    var nextShown = start + 100_000_000
    for lane in lanes {
      for _ in 0..<depth { send(on: lane, now: start) }
      try lane.flush()
    }
    while lanes.contains(where: { $0.inFlight > 0 }) {
      let now = Clock.now
      if now >= end { isSending = false }
      guard now < end + 10_000_000_000 else {
        throw Failure(.deadlineExceeded, "answers are missing 10 s after the end")
      }
      if now > nextShown {
        report.nanoseconds = now - start
        shown(report)
        nextShown = now + 100_000_000
      }
      try takeAnswers()
    }
    report.nanoseconds = Clock.now - start
    return report
  }

  private func takeAnswers() throws {
    var ready = poll(&polls, nfds_t(polls.count), 0)
    for _ in 0..<spins where ready == 0 {
      sched_yield()
      ready = poll(&polls, nfds_t(polls.count), 0)
    }
    guard ready > 0 || poll(&polls, nfds_t(polls.count), 1000) >= 0 || errno == EINTR else {
      throw Failure(.internal, "poll failed: \(String(cString: strerror(errno)))")
    }
    for index in polls.indices where polls[index].revents != 0 {
      let lane = lanes[index]
      let now = Clock.now
      try lane.receive { start, answer in
        report.record(now - start, answer.status?.code.name)
        if answer.status == nil { try workload.answered(answer.payload) }
        send(on: lane, now: now)
      }
      try lane.flush()
    }
  }

  private func send(on lane: LoadLane, now: UInt64) {
    guard isSending else { return }
    guard let payload = workload.next() else { return isSending = false }
    lane.send(payload, now: now)
  }
}

enum Clock {
  /// Monotonic nanoseconds.
  static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
