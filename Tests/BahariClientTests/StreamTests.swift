import BahariFrame
import FakeDaemon
import Testing

@testable import BahariClient

@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
  private func all(_ stream: MessageStream) async throws -> [[UInt8]] {
    try await stream.reduce(into: []) { $0.append($1) }
  }

  @Test func messagesComeInOrderAndEmptyOnesCount() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try FakeDaemon { peer, frame in
      seen.send(frame)
      let stream = frame.header.stream
      peer.message(stream, [1])
      peer.message(stream, [])
      peer.message(stream, [3, 3])
      peer.endOfStream(stream)
    }
    let client = BahariClient(socketPath: daemon.path)
    #expect(try await all(client.serverStream(service: "s", method: "Export", payload: [])) == [[1], [], [3, 3]])
    #expect(try await seen.next().header.flags == .remoteClosed)
  }

  @Test func errorComesAfterTheMessagesBeforeIt() async throws {
    let daemon = try FakeDaemon { peer, frame in
      peer.message(frame.header.stream, [1])
      peer.refuse(frame.header.stream, Status(.unavailable, "the database went away"))
    }
    var iterator = BahariClient(socketPath: daemon.path)
      .serverStream(service: "s", method: "Export", payload: []).makeAsyncIterator()
    #expect(try await iterator.next() == [1])
    let error = await #expect(throws: BahariError.self) { try await iterator.next() }
    #expect(error?.message == "the database went away")
  }

  @Test func lostStreamFails() async throws {
    let daemon = try FakeDaemon { peer, frame in
      peer.message(frame.header.stream, [1])
      peer.hangUp()
    }
    let client = BahariClient(socketPath: daemon.path)
    let error = await #expect(throws: BahariError.self) {
      try await all(client.serverStream(service: "s", method: "Export", payload: []))
    }
    #expect(error?.code == .unavailable)
  }

  @Test func slowConsumerHoldsBoundedMemory() async throws {
    let message = [UInt8](repeating: 5, count: 60_000)
    let daemon = try FakeDaemon { peer, frame in
      for _ in 0..<300 { peer.message(frame.header.stream, message) }
      peer.endOfStream(frame.header.stream)
    }
    let link = Link(path: daemon.path)
    let ticket = try await link.open(
      CallRequest(service: "s", method: "m", payload: [], timeout: .seconds(30), streams: true))
    var count = 0
    while let next = try await link.next(ticket) {
      #expect(next.count == message.count)
      count += 1
      // One read may cross the limit: by what the receive buffer holds.
      #expect(await link.undelivered <= Link.undeliveredLimit + 300_000)
    }
    #expect(count == 300)
  }

  @Test func lettingGoOfAStreamClosesItsConnection() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try FakeDaemon { peer, frame in
      seen.send(frame)
      if frame.header.type == .request { peer.message(frame.header.stream, [1]) }
    }
    let client = BahariClient(socketPath: daemon.path)
    let task = Task {
      for try await _ in client.serverStream(service: "s", method: "Export", payload: []) {}
    }
    #expect(try await seen.next().header.type == .request)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await seen.next().header.rawType == 0x43)
  }
}
