import BahariFrame
import FakeDaemon
import Testing

@testable import BahariClient

/// Calls that wait to be sent, and calls that end while they wait.
@Suite(.timeLimit(.minutes(1)))
struct QueueTests {
  private func request(_ payload: [UInt8], _ timeout: Duration = .seconds(30)) -> CallRequest {
    CallRequest(service: "s", method: "m", payload: payload, timeout: timeout)
  }

  private func payload(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }

  @Test func callsLeaveInTheOrderInWhichTheyWereMade() async throws {
    let seen = Events<[UInt8]>()
    let daemon = try FakeDaemon { peer, frame in
      seen.send(frame.request()?.payload ?? [])
      peer.reply(frame.header.stream)
    }
    let link = Link(path: daemon.path)
    // More than may be in flight, so that most wait.
    for number in 0..<5_000 { _ = try await link.open(request(payload(number))) }
    for number in 0..<5_000 { #expect(try await seen.next() == payload(number)) }
  }

  @Test func callWhoseDeadlinePassesWhileItWaitsIsNeverSent() async throws {
    let seen = Events<[UInt8]>()
    let gate = Gate()
    let daemon = try FakeDaemon { peer, frame in
      guard let request = frame.request() else { return }
      seen.send(request.payload)
      // Nothing is answered before the gate opens, so that the connection stays full.
      if request.payload == [0xff] { gate.pass() }
      peer.reply(frame.header.stream)
    }
    let link = Link(path: daemon.path)
    _ = try await link.open(request([0xff]))
    for _ in 1..<Link.mostCallsInFlight { _ = try await link.open(request([0xee])) }
    let late = try await link.open(request([1], .milliseconds(20)))
    let patient = try await link.open(request([2]))
    let error = await #expect(throws: BahariError.self) { try await link.next(late) }
    #expect(error?.code == .deadlineExceeded && error?.outcome == .notApplied)
    gate.open()
    #expect(try await link.next(patient) == [])
    var arrived: [[UInt8]] = []
    while arrived.last != [2] { arrived.append(try await seen.next()) }
    #expect(arrived.count == Link.mostCallsInFlight + 1 && !arrived.contains([1]))
  }

  @Test func callsThatAreCancelledWhileTheyWaitAreNeverSent() async throws {
    let requests = Counter()
    let gate = Gate()
    let daemon = try FakeDaemon { peer, frame in
      guard let request = frame.request() else { return }
      requests.add()
      if request.payload == [0] { gate.pass() }
      peer.reply(frame.header.stream, request.payload)
    }
    let link = Link(path: daemon.path)
    let first = try await link.open(request([0]))
    try await eventually("the first call") { requests.value == 1 }
    // The daemon reads no more: the socket fills up, then the outbox, and the rest waits.
    var tickets: [UInt64] = []
    for _ in 0..<200 { tickets.append(try await link.open(request([UInt8](repeating: 7, count: 10_000)))) }
    try await eventually("a socket that takes no more") { await link.counts.outbox >= Link.outboxLimit }
    let counts = await link.counts
    let sent = counts.begun
    #expect(
      sent < counts.inFlight && counts.inFlight < 201,
      "the outbox holds frames that were not begun, and calls wait behind it")
    for ticket in tickets { await link.abandon(ticket) }
    let last = try await link.open(request([9]))
    gate.open()
    #expect(try await link.next(first) == [0])
    #expect(try await link.next(last) == [9])
    #expect(requests.value == sent + 1, "those that were sent, the last, and none of those that were given up")
    let left = await link.counts
    #expect(left.calls == 0 && left.inFlight == 0)
  }

  @Test func queueThatDoesNotMoveDropsCancelledCalls() async throws {
    let gate = Gate()
    let daemon = try FakeDaemon { _, _ in gate.pass() }
    let link = Link(path: daemon.path)
    for _ in 0..<Link.mostCallsInFlight { _ = try await link.open(request([1])) }
    try await eventually("a full connection") { await link.counts.inFlight == Link.mostCallsInFlight }
    // The first call in the queue has not ended.
    _ = try await link.open(request([2]))
    for _ in 0..<20_000 { await link.abandon(try await link.open(request([1]))) }
    #expect(await link.counts.waiting < 3_000)
    gate.open()
  }

  @Test func severalConnectionsShareTheCalls() async throws {
    let seen = Events<Int>()
    let gate = Gate()
    let daemon = try FakeDaemon { peer, frame in
      seen.send(peer.number)
      gate.pass()
      peer.reply(frame.header.stream, [1])
    }
    let client = BahariClient(socketPath: daemon.path, connections: 3)
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<3 { group.addTask { try await client.call() } }
      // None is answered before each is on a connection of its own.
      var numbers: Set<Int> = []
      for _ in 0..<3 { numbers.insert(try await seen.next()) }
      #expect(numbers == [0, 1, 2])
      gate.open()
      for try await reply in group { #expect(reply == [1]) }
    }
  }
}

extension Link {
  /// What a link holds at one moment; `begun` counts the calls of which a byte was sent.
  fileprivate var counts: (calls: Int, waiting: Int, inFlight: Int, begun: Int, outbox: Int) {
    let begun = calls.inFlight.values.count { $0.isPartlySent(sentBytes) }
    return (calls.count, calls.waitingCount, calls.inFlight.count, begun, outbox.count)
  }

  /// Cancels a call whose result nobody awaits.
  fileprivate func abandon(_ ticket: UInt64) {
    cancel(ticket)
    calls.forget(ticket)
  }
}

/// Deadlines of tasks, which apply to all their calls.
@Suite(.timeLimit(.minutes(1)))
struct DeadlineTests {
  private func timeout(_ seen: Events<SeenFrame>) async throws -> Int64 {
    try #require(try await seen.next().request()).timeout
  }

  @Test func earliestDeadlineCounts() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try FakeDaemon { peer, frame in
      seen.send(frame)
      peer.reply(frame.header.stream)
    }
    let client = BahariClient(socketPath: daemon.path, timeout: .seconds(1_000))
    try await withDeadline(.seconds(500)) {
      _ = try await client.call()
      #expect((400_000_000_000...500_000_000_000).contains(try await timeout(seen)))
      _ = try await client.call(timeout: .seconds(100))
      #expect((1...100_000_000_000).contains(try await timeout(seen)))
      try await withDeadline(.seconds(900)) { _ = try await client.call() }
      #expect((400_000_000_000...500_000_000_000).contains(try await timeout(seen)))
      try await withDeadline(.seconds(50)) {
        async let child = client.call()
        _ = try await child
      }
      #expect((1...50_000_000_000).contains(try await timeout(seen)))
    }
    _ = try await client.call()
    #expect(try await timeout(seen) > 900_000_000_000)
  }

  @Test func callWithoutTimeLeftIsNotSent() async throws {
    let sent = Counter()
    let daemon = try FakeDaemon { peer, frame in
      sent.add()
      peer.reply(frame.header.stream)
    }
    let client = BahariClient(socketPath: daemon.path)
    let error = await #expect(throws: BahariError.self) {
      try await withDeadline(.zero) { _ = try await client.call() }
    }
    #expect(error?.code == .deadlineExceeded && error?.outcome == .notApplied)
    await #expect(throws: BahariError.self) { try await client.call(timeout: .seconds(-1)) }
    _ = try await client.call()
    #expect(sent.value == 1)
  }
}
