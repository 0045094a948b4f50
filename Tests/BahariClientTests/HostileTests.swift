import BahariFrame
import FakeDaemon
import SwiftProtobuf
import Testing

import struct TestSupport.Seeded

@testable import BahariClient

/// Daemons that are broken or mean no good: the client does not crash, holds bounded memory, and goes on.
@Suite(.timeLimit(.minutes(1)))
struct HostileTests {
  @Test func answerToACallThatNobodyMadeEndsTheConnection() async throws {
    let daemon = try FakeDaemon { peer, frame in
      peer.reply(frame.header.stream + (peer.number == 0 ? 2 : 0), [1])
    }
    let client = BahariClient(socketPath: daemon.path)
    let error = await #expect(throws: BahariError.self) { try await client.call() }
    #expect(error?.code == .internal && error?.outcome == .unknown)
    #expect(error?.message.contains("on which nothing was called") == true)
    #expect(try await client.call() == [1])
  }

  @Test func whatComesAfterTheEndOfACallIsPassedOver() async throws {
    let daemon = try FakeDaemon { peer, frame in
      let stream = frame.header.stream
      peer.reply(stream, [UInt8(truncatingIfNeeded: stream)])
      peer.reply(stream, [0xee])
      peer.message(stream, [0xee])
      peer.endOfStream(stream)
      peer.refuse(stream, Status(.aborted, "too late"))
    }
    let client = BahariClient(socketPath: daemon.path)
    for number in 0..<10 { #expect(try await client.call() == [UInt8(number * 2 + 1)]) }
  }

  @Test func whatComesAfterTheEndOfAStreamIsPassedOver() async throws {
    let daemon = try FakeDaemon { peer, frame in
      peer.message(frame.header.stream, [1])
      peer.endOfStream(frame.header.stream)
      for _ in 0..<1_000 { peer.message(frame.header.stream, [UInt8](repeating: 2, count: 10_000)) }
    }
    let link = Link(path: daemon.path)
    let ticket = try await link.open(
      CallRequest(service: "s", method: "m", payload: [], timeout: .seconds(30), streams: true))
    #expect(try await link.next(ticket) == [1])
    #expect(try await link.next(ticket) == nil)
    #expect(await link.undelivered == 0)
  }

  @Test func answersMayComeInAnyOrder() async throws {
    let calls = Pending()
    let daemon = try FakeDaemon { peer, frame in
      for stream in calls.add(frame.header.stream, until: 500).shuffled() {
        peer.reply(stream, [UInt8(truncatingIfNeeded: stream >> 8), UInt8(truncatingIfNeeded: stream)])
      }
    }
    let link = Link(path: daemon.path)
    var tickets: [UInt64] = []
    for _ in 0..<500 {
      tickets.append(
        try await link.open(CallRequest(service: "s", method: "m", payload: [], timeout: .seconds(30))))
    }
    for (number, ticket) in tickets.enumerated() {
      let stream = UInt32(number * 2 + 1)
      #expect(try await link.next(ticket) == [UInt8(stream >> 8), UInt8(stream & 255)])
    }
  }

  @Test func replyThatIsCutAtAnyByteIsALostCall() async throws {
    let writer = WireWriter()
    [UInt8](1...40).withUnsafeBytes { writer.response(stream: 1, payload: $0) }
    let whole = Array(writer.bytes)
    let daemon = try FakeDaemon { peer, _ in
      peer.raw(Array(whole.prefix(peer.number)))
      peer.hangUp()
    }
    for length in 0...whole.count {
      // Each has a connection of its own, whose number is how many bytes it gets.
      let client = BahariClient(socketPath: daemon.path)
      if length == whole.count {
        #expect(try await client.call() == [UInt8](1...40))
      } else {
        let error = await #expect(throws: BahariError.self, "cut after \(length) bytes") { try await client.call() }
        #expect(error?.code == .unavailable && error?.outcome == .unknown, "cut after \(length) bytes")
      }
    }
  }

  @Test func framesOfAnyShapeEndTheCallAndLeaveTheClientWhole() async throws {
    var ends: Set<String> = []
    for seed in UInt64(1)...200 {
      let first = try await end(ofACallAnsweredWithNoise: seed)
      #expect(try await end(ofACallAnsweredWithNoise: seed) == first, "seed \(seed)")
      ends.insert(first)
    }
    // The noise holds replies, streams, breaches of the protocol, and nothing that ends the call before it is cut off.
    #expect(
      ends.isSuperset(of: ["a reply", "INTERNAL", "UNAVAILABLE", "1 messages", "0 messages, INTERNAL"]), "\(ends)")
  }

  /// How a call ends whose first connection brings frames at random: of any type, length and stream. The next connection
  /// is sound, and a call on it has to go well.
  private func end(ofACallAnsweredWithNoise seed: UInt64) async throws -> String {
    let daemon = try FakeDaemon { peer, frame in
      guard peer.number == 0 else { return peer.reply(frame.header.stream, [1]) }
      var random = Seeded(seed)
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        guard peer.raw(HostileTests.noise(answering: frame.header.stream, &random)) else { return }
      }
      peer.hangUp()
    }
    let client = BahariClient(socketPath: daemon.path, timeout: .seconds(30), attempts: 1)
    var end = "a reply"
    var messages: Int?
    do {
      if seed % 2 == 0 {
        _ = try await client.call()
      } else {
        messages = 0
        for try await _ in client.serverStream(service: "s", method: "m", payload: []) { messages? += 1 }
        end = ""
      }
    } catch let error as BahariError {
      end = error.code.name
    }
    try await eventually("an answer on a sound connection") { (try? await client.call()) == [1] }
    guard let messages else { return end }
    return "\(messages) messages" + (end.isEmpty ? "" : ", \(end)")
  }

  private static func noise(answering stream: UInt32, _ random: inout Seeded) -> [UInt8] {
    let writer = WireWriter()
    let kind = Int.random(in: 0..<10, using: &random)
    let data = kind.isMultiple(of: 2) ? [] : random.bytes(Int.random(in: 0..<40, using: &random))
    writer.append(bigEndian: UInt32(data.count))
    let others: [UInt32] = [3, .random(in: 0...9, using: &random)]
    writer.append(bigEndian: kind < 8 ? stream : others.randomElement(using: &random) ?? 3)
    let types: [UInt8] = [1, 2, 2, 3, 3, 3, 0x43, .random(in: 4...255, using: &random)]
    writer.append(byte: types.randomElement(using: &random) ?? 2)
    writer.append(byte: .random(in: 0...7, using: &random))
    data.withUnsafeBytes { writer.append($0) }
    return Array(writer.bytes)
  }

  @Test func endlessStreamIsReadNoFasterThanItIsTaken() async throws {
    let sent = Counter()
    let gone = Events<Int>()
    let message = [UInt8](repeating: 5, count: 10_000)
    let daemon = try FakeDaemon { peer, frame in
      guard frame.request() != nil else { return }
      while peer.message(frame.header.stream, message) { sent.add() }
      gone.send(sent.value)
    }
    do {
      var stream = BahariClient(socketPath: daemon.path)
        .serverStream(service: "s", method: "Export", payload: []).makeAsyncIterator()
      for taken in 1...2_000 {
        #expect(try await stream.next()?.count == message.count)
        // What the client holds, what one read may bring beyond, and what the socket's buffers hold.
        let bound = taken * message.count + Link.undeliveredLimit + 2_000_000
        #expect(sent.value * message.count <= bound)
      }
      try await eventually("a daemon that is held back") {
        let before = sent.value
        try await Task.sleep(for: .milliseconds(50))
        return sent.value == before
      }
    }
    // Letting go of the iterator ends the call and the connection.
    let total = try await gone.next()
    #expect(total * message.count <= 2_000 * message.count + Link.undeliveredLimit + 2_000_000)
  }

  @Test func replyOfCountlessEmptyRowsIsRefused() async throws {
    let payload = [UInt8](repeatElement([0x22, 0x00], count: 2_000_000).joined())
    let daemon = try FakeDaemon { peer, frame in peer.reply(frame.header.stream, payload) }
    let client = BahariClient(socketPath: daemon.path)
    let error = await #expect(throws: BahariError.self) { try await client.kelompokNelayan.list() }
    #expect(error?.code == .internal && error?.message.contains("65536 rows") == true)
  }

  @Test func errorOfCountlessEmptyFaultsKeepsSome() async throws {
    let daemon = try FakeDaemon { peer, frame in
      let writer = WireWriter()
      writer.frame(stream: frame.header.stream, type: .response) {
        writer.field(1) {
          writer.field(1, varint: UInt64(StatusCode.invalidArgument.rawValue))
          writer.field(3) {
            writer.field(1, string: "type.googleapis.com/google.rpc.BadRequest")
            let faults = [UInt8](repeatElement([0x0a, 0x00], count: 1_000_000).joined())
            faults.withUnsafeBytes { writer.field(2, bytes: $0) }
          }
        }
      }
      peer.raw(Array(writer.bytes))
    }
    let error = await #expect(throws: BahariError.self) { try await BahariClient(socketPath: daemon.path).call() }
    #expect(error?.code == .invalidArgument && error?.violations.count == Status.mostViolations)
  }

  @Test func listThatNamesOnePageForEverEnds() async throws {
    let reply: [UInt8] = try Bahari_V1_ListRoleReply.with {
      $0.data = [.init()]
      $0.pagination.nextPageToken = "again"
    }.serializedBytes()
    let daemon = try FakeDaemon { peer, frame in peer.reply(frame.header.stream, reply) }
    let error = await #expect(throws: BahariError.self) {
      for try await _ in BahariClient(socketPath: daemon.path).role.pages() {}
    }
    #expect(error?.code == .internal)
  }
}
