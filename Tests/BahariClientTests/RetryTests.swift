import BahariFrame
import FakeDaemon
import Testing

@testable import BahariClient

/// Which calls are repeated, and the errors of those that are not.
@Suite(.timeLimit(.minutes(1)))
struct RetryTests {
  @Test(arguments: [CallEffect.read, .namedWrite])
  func lostCallIsRepeatedUnchanged(_ effect: CallEffect) async throws {
    let seen = Events<SeenFrame>()
    let daemon = try FakeDaemon { peer, frame in
      seen.send(frame)
      if peer.number < 2 { peer.hangUp() } else { peer.reply(frame.header.stream, [9]) }
    }
    #expect(try await BahariClient(socketPath: daemon.path).call("Create", [1, 2], effect) == [9])
    for _ in 0..<3 { #expect(try await seen.next().request()?.payload == [1, 2]) }
  }

  @Test func writeWithoutARequestIDIsNeverRepeated() async throws {
    let sent = Counter()
    let daemon = try FakeDaemon { peer, frame in
      if sent.add() == 1 { peer.hangUp() } else { peer.refuse(frame.header.stream, .unavailable(retryAfter: 1)) }
    }
    let client = BahariClient(socketPath: daemon.path)
    let lost = await #expect(throws: BahariError.self) { try await client.call() }
    #expect(lost?.code == .unavailable && lost?.outcome == .unknown)
    let refused = await #expect(throws: BahariError.self) { try await client.call() }
    #expect(refused?.outcome == .notApplied && refused?.retryAfter == .milliseconds(1))
    #expect(sent.value == 2)
  }

  @Test(arguments: [CallEffect.read, .namedWrite])
  func unavailableIsRepeatedIfTheDaemonAsksForIt(_ effect: CallEffect) async throws {
    let sent = Counter()
    let daemon = try FakeDaemon { peer, frame in
      if sent.add() < 3 {
        peer.refuse(frame.header.stream, .unavailable(retryAfter: 1))
      } else {
        peer.reply(frame.header.stream, [7])
      }
    }
    #expect(try await BahariClient(socketPath: daemon.path).call("m", [1], effect) == [7])
    #expect(sent.value == 3)
  }

  @Test func otherRefusalsAreFinal() async throws {
    let sent = Counter()
    let statuses = StatusCode.allCases.dropFirst().map { code in
      var status = Status(code, "no")
      if code != .unavailable { status.retryDelayNanoseconds = 1 }
      return status
    }
    let daemon = try FakeDaemon { peer, frame in peer.refuse(frame.header.stream, statuses[sent.add() - 1]) }
    let client = BahariClient(socketPath: daemon.path)
    for status in statuses {
      let error = await #expect(throws: BahariError.self) { try await client.call("m", [1], .read) }
      #expect(error?.code.rawValue == status.code.rawValue)
    }
    #expect(sent.value == statuses.count)
  }

  @Test func noAttemptIsMadeBeyondTheDeadline() async throws {
    let sent = Counter()
    let daemon = try FakeDaemon { peer, frame in
      sent.add()
      peer.refuse(frame.header.stream, .unavailable(retryAfter: 30_000))
    }
    let client = BahariClient(socketPath: daemon.path)
    let error = await #expect(throws: BahariError.self) {
      try await client.call(timeout: .seconds(20), .read)
    }
    #expect(error?.code == .unavailable && error?.retryAfter == .seconds(30))
    #expect(sent.value == 1)
  }

  @Test func oneAttemptIsOne() async throws {
    let sent = Counter()
    let daemon = try FakeDaemon { peer, _ in
      sent.add()
      peer.hangUp()
    }
    let client = BahariClient(socketPath: daemon.path, attempts: 1)
    await #expect(throws: BahariError.self) { try await client.call("m", [1], .read) }
    #expect(sent.value == 1)
  }

  @Test func unknownOutcomeOfAnEarlierAttemptIsKept() async throws {
    let daemon = try FakeDaemon { peer, frame in
      if peer.number == 0 { peer.hangUp() }
      var status = Status(.resourceExhausted, "too many calls wait")
      status.metadata = ["outcome": "not_applied"]
      peer.refuse(frame.header.stream, status)
    }
    let client = BahariClient(socketPath: daemon.path)
    let error = await #expect(throws: BahariError.self) { try await client.call("Create", [1], .namedWrite) }
    #expect(error?.code == .resourceExhausted && error?.outcome == .unknown)
  }

  @Test func writeWhoseReplyCannotBeReadWasApplied() async throws {
    let daemon = try FakeDaemon { peer, frame in peer.reply(frame.header.stream, [0x22, 0x05, 0x01]) }
    let client = BahariClient(socketPath: daemon.path)
    let write = await #expect(throws: BahariError.self) { try await client.role.create(.init()) }
    #expect(write?.code == .internal && write?.outcome == .applied)
    let read = await #expect(throws: BahariError.self) { try await client.role.get(1) }
    #expect(read?.code == .internal && read?.outcome == .notApplied)
  }

  /// A daemon that answers one call and goes away.
  private func answerOnce(_ client: BahariClient, at path: String) async throws {
    let daemon = try FakeDaemon(path: path) { peer, frame in
      peer.reply(frame.header.stream, [1])
      peer.hangUp()
    }
    #expect(try await client.call() == [1])
    withExtendedLifetime(daemon) {}
  }

  @Test func readsAndNamedWritesWaitForADaemonThatWasThere() async throws {
    let path = FakeDaemon.freshPath()
    let client = BahariClient(socketPath: path)
    try await answerOnce(client, at: path)
    let named = Task { try await client.call("Create", [2], .namedWrite) }
    let read = Task { try await client.call("Get", [3], .read) }
    let bare = await #expect(throws: BahariError.self) { try await client.call("Create", [4]) }
    #expect(bare?.code == .unavailable)
    let stranger = BahariClient(socketPath: path)
    let refused = await #expect(throws: BahariError.self) { try await stranger.call("Get", [5], .read) }
    #expect(refused?.code == .unavailable && refused?.message.contains(path) == true)
    let daemon = try FakeDaemon(path: path) { peer, frame in
      peer.reply(frame.header.stream, frame.request()?.payload ?? [])
    }
    #expect(try await named.value == [2])
    #expect(try await read.value == [3])
    withExtendedLifetime(daemon) {}
  }

  @Test func deadlineWhileTheDaemonIsAwayNamesTheCause() async throws {
    let path = FakeDaemon.freshPath()
    let client = BahariClient(socketPath: path)
    try await answerOnce(client, at: path)
    let error = await #expect(throws: BahariError.self) {
      try await client.call(timeout: .milliseconds(300), .read)
    }
    #expect(error?.code == .deadlineExceeded || error?.code == .unavailable)
    #expect(error?.message.contains("baharid serve") == true, "\(String(describing: error))")
  }

  @Test func streamIsRepeatedOnlyBeforeItsFirstMessage() async throws {
    let daemon = try FakeDaemon { peer, frame in
      if peer.number > 0 { peer.message(frame.header.stream, [UInt8(peer.number)]) }
      if peer.number == 3 { peer.endOfStream(frame.header.stream) } else { peer.hangUp() }
    }
    let client = BahariClient(socketPath: daemon.path)
    var first = client.serverStream(service: "s", method: "Export", payload: []).makeAsyncIterator()
    #expect(try await first.next() == [1])
    let error = await #expect(throws: BahariError.self) { try await first.next() }
    #expect(error?.code == .unavailable)
    #expect(try await first.next() == nil)
  }
}
