import BahariFrame
import Testing

@testable import BahariServer

/// Frames in, calls, frames out, over socket pairs.
@Suite("Calls over a socket") struct CallTests {
  @Test("a request is answered on its stream") func echo() throws {
    let client = try EchoServer().connect()
    try client.request(7, "Echo", "halo")
    #expect(try client.answer(7).reply == Array("halo".utf8))
  }

  @Test("a request may come byte by byte, and two in one write") func pieces() throws {
    let client = try EchoServer().connect()
    let bytes = Client.request(1, "Echo", "satu") + Client.request(3, "Echo", "dua")
    for byte in bytes { try client.send([byte]) }
    #expect(try client.answer(1).reply == Array("satu".utf8))
    #expect(try client.answer(3).reply == Array("dua".utf8))
    try client.send(bytes)
    #expect(try client.frames(2).map(\.header.stream) == [1, 3])
  }

  @Test("a request larger than what is read at once is put together") func largeRequest() throws {
    let client = try EchoServer { $0.readBytes = 1_000 }.connect()
    let text = String(repeating: "x", count: 300_000)
    try client.request(1, "Echo", text)
    #expect(try client.answer(1).reply == Array(text.utf8))
    try client.expectServed()
  }

  @Test("calls are answered in the order in which they end") func order() async throws {
    let server = EchoServer()
    let client = try server.connect()
    for stream: UInt32 in [1, 3] {
      try client.request(stream, "Hold", "\(stream)")
      try await server.expect(.held(stream))
    }
    try client.expectServed()
    server.release(3)
    #expect(try client.answer(3).reply == Array("3".utf8))
    server.release(1)
    #expect(try client.answer(1).reply == Array("1".utf8))
  }

  @Test("a flood of requests is answered one by one, with a limit of four calls in flight") func flood() async throws {
    let client = try EchoServer { $0.callsInFlight = 4 }.connect()
    let count = 20_000
    let writer = Task.detached { [sender = client.sender] in
      for number in 0..<count { try sender.send(Client.request(UInt32(number * 2 + 1), "Echo", "\(number)")) }
    }
    for number in 0..<count {
      #expect(try client.answer(UInt32(number * 2 + 1)).reply == Array("\(number)".utf8))
    }
    try await writer.value
  }

  @Test("calls beyond the limit are refused; those in flight go on") func limit() async throws {
    let server = EchoServer { $0.callsInFlight = 2 }
    let client = try server.connect()
    for stream: UInt32 in [1, 3] {
      try client.request(stream, "Hold")
      try await server.expect(.held(stream))
    }
    try client.request(5, "Echo")
    #expect(try client.answer(5).code == .unavailable)
    server.release(1)
    #expect(try client.answer(1).code == nil)
    try client.request(5, "Echo")
    #expect(try client.answer(5).code == nil)
  }

  @Test("a stream in use is refused, and its call goes on") func streamInUse() async throws {
    let server = EchoServer()
    let client = try server.connect()
    try client.request(1, "Hold")
    try await server.expect(.held(1))
    try client.request(1, "Echo")
    #expect(try client.answer(1).code == .invalidArgument)
    server.release(1)
    #expect(try client.answer(1).code == nil)
  }

  @Test("a request that cannot be decoded is refused, and the connection goes on") func undecodable() throws {
    let client = try EchoServer().connect()
    try client.send(.request, 1, length: 3, [0xff, 0xff, 0xff])
    #expect(try client.answer(1).code == .invalidArgument)
    try client.request(2, "Echo")
    #expect(try client.answer(2).code == .invalidArgument)
    try client.expectServed()
  }

  @Test("a cancel frame ends its call with an answer, and no other") func cancel() async throws {
    let server = EchoServer()
    let client = try server.connect()
    for stream: UInt32 in [1, 3] {
      try client.request(stream, "Hold")
      try await server.expect(.held(stream))
    }
    try client.send(.cancel, 1, length: 0)
    try await server.expect(.cancelled(1, isGone: false))
    #expect(try client.answer(1).code == .cancelled)
    server.release(3)
    #expect(try client.answer(3).code == nil)
    try client.send(.cancel, 1, length: 0)
    try client.expectServed()
  }

  @Test("a request over the limit is refused and skipped") func oversizeRequest() throws {
    let client = try EchoServer().connect()
    let length = FrameLimits.data + 1
    try client.send(.request, 1, length: length, [UInt8](repeating: 0, count: length))
    #expect(try client.answer(1).code == .resourceExhausted)
    try client.expectServed()
  }

  @Test("data over the limit ends its call once, and is skipped") func oversizeData() async throws {
    let server = EchoServer()
    let client = try server.connect()
    try client.request(1, "Hold")
    try await server.expect(.held(1))
    let length = FrameLimits.data + 1
    try client.send(.data, 1, length: length, [UInt8](repeating: 0, count: length))
    try await server.expect(.aborted(1, .frameTooLarge))
    #expect(try client.answer(1).code == .resourceExhausted)
    try client.expectServed()
  }

  @Test("a frame too long to be skipped: it is refused, the calls in flight are cancelled, and the end")
  func hopeless() async throws {
    let server = EchoServer()
    let client = try server.connect()
    try client.request(1, "Hold")
    try await server.expect(.held(1))
    try client.send(
      Client.frame(1, 3, length: FrameLimits.skippable + 1) + Client.request(5, "Echo"))
    #expect(try client.answer(3).code == .resourceExhausted)
    #expect(try client.frame() == nil, "what comes behind it is not read")
    try await server.expect(.cancelled(1, isGone: true))
  }

  @Test("a stream waits while the client does not read it, and goes on") func stream() async throws {
    let server = EchoServer { $0.streamHighBytes = 50_000 }
    let client = try server.connect()
    let count = 1_000
    try client.request(1, "Stream", "\(count)")
    guard case .waiting(1, let messages) = try await server.events.next() else {
      Issue.record("the stream does not wait")
      return
    }
    #expect(messages < count / 2)
    let frames = try client.frames(count + 1)
    #expect(frames.dropLast().allSatisfy { $0.header.type == .data && $0.data.count == 10_000 })
    #expect(frames.last?.header.flags.contains(.remoteClosed) == true)
    try client.expectServed()
  }

  @Test("a stream whose client leaves while it waits is cancelled") func streamOfGone() async throws {
    let server = EchoServer { $0.streamHighBytes = 50_000 }
    let client = try server.connect()
    try client.request(1, "Stream", "1000")
    guard case .waiting(1, _) = try await server.events.next() else {
      Issue.record("the stream does not wait")
      return
    }
    client.disconnect()
    while true {
      // It may have gone on for a while with what the socket still took.
      let event = try await server.events.next()
      if event == .cancelled(1, isGone: true) { break }
      guard case .waiting(1, _) = event else { throw Trouble("\(event) happened") }
    }
  }

  @Test("reads, writes and frames are counted") func stats() async throws {
    let server = EchoServer()
    let client = try server.connect()
    for _ in 0..<10 { try client.expectServed() }
    let stats = await server.stats()
    #expect(stats.connections == 1)
    #expect(stats.numbers["frames"] == 10)
    #expect(stats.numbers["reads"] == 10)
    #expect(stats.numbers["writes"] == 10)
    #expect(stats.numbers["polls"] ?? 0 > 0 && stats.numbers["events"] ?? 0 >= 10)
  }
}
