import BahariFrame
import Glibc
import TestSupport
import Testing

@testable import BahariServer

/// How connections end: half closes, times, limits, and the end of the server. Times are a few milliseconds, so that
/// what is to be cut is cut soon; what is not to be cut is looked at after others have been.
@Suite("The end of connections") struct EndingTests {
  private static let millisecond: UInt64 = 1_000_000
  /// Longer than any test.
  private static let never: UInt64 = 3_600_000_000_000

  /// A server without calls in flight and connections, at last.
  private func expectEmpty(_ server: EchoServer) async throws {
    try await eventually("no connection is left") { server.server.connectionCount == 0 }
  }

  // MARK: By the client

  @Test("a half close without calls in flight closes") func halfCloseWhenQuiet() async throws {
    let server = EchoServer()
    let client = try server.connect()
    try client.expectServed()
    client.finishSending()
    #expect(try client.frame() == nil)
    try await expectEmpty(server)
  }

  @Test("a half close right behind the requests: all are answered, then it closes") func halfClose() async throws {
    let server = EchoServer { $0.hangupCheckNanoseconds = Self.millisecond }
    let client = try server.connect()
    try client.request(1, "Hold", "a")
    try client.request(3, "Echo", "b")
    client.finishSending()
    try await server.expect(.held(1))
    #expect(try client.answer(3).reply == Array("b".utf8))
    // Other connections live and end meanwhile, with several hang-up checks of this one.
    for _ in 0..<5 {
      let other = try server.connect()
      try other.request(9, "Hold")
      try await server.expect(.held(9))
      other.disconnect()
      try await server.expect(.cancelled(9, isGone: true))
    }
    server.release(1)
    #expect(try client.answer(1).reply == Array("a".utf8))
    #expect(try client.frame() == nil)
    try await expectEmpty(server)
  }

  @Test("a half close whose answers the client does not read waits for it") func halfCloseUnread() async throws {
    let server = EchoServer { $0.hangupCheckNanoseconds = Self.millisecond }
    let client = try server.connect()
    try client.request(1, "Large", "2000000")
    client.finishSending()
    let other = try server.connect()
    for _ in 0..<5 { try other.expectServed() }
    #expect(try client.answer(1).reply.count == 2_000_000)
    #expect(try client.frame() == nil)
  }

  @Test("a client that is gone has its calls cancelled") func gone() async throws {
    let server = EchoServer()
    let client = try server.connect()
    try client.request(1, "Hold")
    try await server.expect(.held(1))
    client.disconnect()
    try await server.expect(.cancelled(1, isGone: true))
    try await expectEmpty(server)
  }

  @Test("a client that leaves some time after its half close has its calls cancelled") func goneLater() async throws {
    let server = EchoServer { $0.hangupCheckNanoseconds = Self.millisecond }
    let client = try server.connect()
    try client.request(1, "Hold")
    client.finishSending()
    try await server.expect(.held(1))
    client.disconnect()
    try await server.expect(.cancelled(1, isGone: true))
    try await expectEmpty(server)
  }

  // MARK: By time

  @Test("part of a frame is waited for so long and no longer; whole frames are not") func frameTime() throws {
    let server = EchoServer { $0.frameNanoseconds = 20 * Self.millisecond }
    let (whole, half, header, skipped) = try (server.connect(), server.connect(), server.connect(), server.connect())
    try whole.expectServed()
    try half.send(Client.request(1, "Echo", "half") + Client.request(3, "Echo", "half").dropLast())
    #expect(try half.answer(1).code == nil)
    #expect(try half.frame() == nil)
    try header.send(.request, 1, length: 100)
    #expect(try header.frame() == nil)
    try skipped.send(.request, 1, length: FrameLimits.data + 1, [1, 2, 3])
    #expect(try skipped.answer(1).code == .resourceExhausted)
    #expect(try skipped.frame() == nil)
    try whole.expectServed()
  }

  @Test("bytes that trickle in do not lengthen the time of a frame") func trickle() throws {
    let server = EchoServer { $0.frameNanoseconds = 50 * Self.millisecond }
    let client = try server.connect()
    try client.send(.request, 1, length: 1_000_000)
    // More bytes than fit into the limit of waiting, at a byte a millisecond.
    for _ in 0..<60_000 {
      do { try client.send([0]) } catch { return }
      usleep(1_000)
    }
    Issue.record("a frame may take as long as it likes")
  }

  @Test("an idle client is cut; one with a call in flight is not, until it has ended") func idleTime() async throws {
    let server = EchoServer { $0.idleNanoseconds = 50 * Self.millisecond }
    // Sent before the server has the socket: its idle time is too short to be awaited by a client that has to wait
    // for the core.
    let busy = try server.connect(sending: Client.request(1, "Hold"))
    try await server.expect(.held(1))
    for _ in 0..<3 {
      let idle = try server.connect(sending: Client.request(1, "Echo"))
      #expect(try idle.answer(1).code == nil)
      #expect(try idle.frame() == nil)
    }
    server.release(1)
    #expect(try busy.answer(1).code == nil)
    #expect(try busy.frame() == nil)
    try await expectEmpty(server)
  }

  @Test("a client that reads nothing is cut, and its calls are cancelled; others are not") func stall() async throws {
    let server = EchoServer { $0.writeStallNanoseconds = 20 * Self.millisecond }
    let (slow, other) = try (server.connect(), server.connect())
    try slow.request(1, "Hold")
    try await server.expect(.held(1))
    try slow.request(3, "Large", "4000000")
    try await server.expect(.cancelled(1, isGone: true))
    #expect(try slow.rest().isEmpty, "the answer was not sent to its end")
    try other.expectServed()
  }

  // MARK: By limits

  @Test("a client that leaves too many bytes unread is cut") func unreadBound() async throws {
    let server = EchoServer {
      $0.outHighBytes = 3_000_000
      $0.outMaximumBytes = 3_000_000
      $0.writeStallNanoseconds = Self.never
    }
    let client = try server.connect()
    try client.request(1, "Hold")
    try await server.expect(.held(1))
    try client.request(3, "Large", "2000000")
    try client.request(5, "Large", "4000000")
    try await server.expect(.cancelled(1, isGone: true))
    #expect(try client.rest().isEmpty, "the first answer was not sent to its end")
  }

  @Test("a client that sends and does not read is not read from, until it does") func throttle() async throws {
    let server = EchoServer {
      $0.outHighBytes = 10_000
      $0.writeStallNanoseconds = Self.never
    }
    let client = try server.connect()
    let request = Client.request(1, "Echo", String(repeating: "x", count: 1_000))
    let most = 20_000
    var sent = 0
    // The sockets' buffers take some hundred kilobytes in each direction.
    while sent < most * request.count {
      let piece = try client.sender.sendSome(Array(request[(sent % request.count)...]))
      if piece == 0 {
        let reads = await server.stats().numbers["reads"]
        try await Task.sleep(for: .milliseconds(20))
        if await server.stats().numbers["reads"] == reads { break }
      }
      sent += piece
    }
    #expect(sent < most * request.count, "it reads on although nothing takes its answers")
    for _ in 0..<sent / request.count { #expect(try client.answer(1).code == nil) }
    try client.send(Array(request[(sent % request.count)...]))
    #expect(try client.answer(1).code == nil)
    try client.expectServed()
  }

  // MARK: By the server

  @Test("draining: new calls are refused, those in flight are answered, then all is closed") func drain() async throws {
    let server = EchoServer()
    let (client, idle) = try (server.connect(), server.connect())
    try client.request(1, "Hold")
    try await server.expect(.held(1))
    async let drained: Void = server.server.drain()
    try await server.expect(.draining)
    try client.request(3, "Echo")
    #expect(try client.answer(3).code == .unavailable)
    server.release(1)
    #expect(try client.answer(1).code == nil)
    #expect(try client.frame() == nil)
    #expect(try idle.frame() == nil)
    await drained
    try await server.expect(.closed)
    #expect(server.server.connectionCount == 0)
  }

  @Test("draining: what was sent before is answered, whether it has been read or not") func drainUnread() async throws {
    let server = EchoServer()
    let clients = try (0..<50).map { _ in try server.connect() }
    for client in clients { for stream: UInt32 in [1, 3, 5] { try client.request(stream, "Echo") } }
    await server.server.drain()
    for client in clients {
      let answers = try client.rest()
      #expect(answers.map(\.header.stream) == [1, 3, 5])
      for answer in answers { #expect([nil, .unavailable].contains(try answer.code)) }
    }
  }

  @Test("draining ends after its time; calls that are in flight then are cancelled") func drainTime() async throws {
    let server = EchoServer { $0.drainNanoseconds = 20 * Self.millisecond }
    let client = try server.connect()
    try client.request(1, "Hold")
    try await server.expect(.held(1))
    await server.server.drain()
    try await server.expect(.draining)
    try await server.expect(.cancelled(1, isGone: true))
    try await server.expect(.closed)
    #expect(try client.frame() == nil)
  }

  @Test("many connections, each with its calls; none is left when the clients have gone") func crowd() async throws {
    let server = EchoServer()
    var clients = try (0..<300).map { _ in try server.connect() }
    #expect(server.server.connectionCount == 300)
    for client in clients { for stream: UInt32 in [1, 3, 5] { try client.request(stream, "Echo", "\(stream)") } }
    for client in clients {
      for stream: UInt32 in [1, 3, 5] { #expect(try client.answer(stream).reply == Array("\(stream)".utf8)) }
    }
    #expect(await server.stats().connections == 300)
    clients.removeAll()
    try await expectEmpty(server)
    #expect(await server.stats().connections == 0)
  }
}
