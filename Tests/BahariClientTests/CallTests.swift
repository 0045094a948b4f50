import BahariFrame
import FakeDaemon
import SwiftProtobuf
import Testing

@testable import BahariClient

@Suite(.timeLimit(.minutes(1)))
struct CallTests {
  @Test func unaryCallSendsItsArgumentsAndReturnsTheReply() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try FakeDaemon { peer, frame in
      seen.send(frame)
      peer.reply(frame.header.stream, [8, 6])
    }
    let client = BahariClient(socketPath: daemon.path)
    #expect(try await client.unary(service: "t.v1.Svc", method: "Get", payload: [8, 5]) == [8, 6])
    let frame = try await seen.next()
    #expect(frame.header.stream == 1)
    #expect(frame.header.flags == [])
    let request = try #require(frame.request())
    #expect(request.service == "t.v1.Svc" && request.method == "Get" && request.payload == [8, 5])
    #expect(request.timeout > 25_000_000_000 && request.timeout <= 30_000_000_000)
  }

  @Test func emptyReplyIsAReply() async throws {
    let daemon = try FakeDaemon { peer, frame in peer.reply(frame.header.stream) }
    let client = BahariClient(socketPath: daemon.path)
    #expect(try await client.unary(service: "s", method: "m", payload: []) == [])
  }

  @Test func errorHasAllDetailsOfTheStatus() async throws {
    var status = Status(.invalidArgument, "the row has 1 fault")
    status.reason = "INVALID"
    status.metadata = ["response_code": "4000001", "outcome": "not_applied", "table": "mst_desa"]
    status.violations = [FieldViolation(field: "data.name", description: "is too long", reason: "TOO_LONG")]
    status.retryDelayNanoseconds = 1_500_000_000
    let daemon = try FakeDaemon { [status] peer, frame in peer.refuse(frame.header.stream, status) }
    let client = BahariClient(socketPath: daemon.path)
    let error = await #expect(throws: BahariError.self) {
      try await client.unary(service: "s", method: "m", payload: [])
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.code.name == "INVALID_ARGUMENT")
    #expect(error?.responseCode == "4000001")
    #expect(error?.outcome == .notApplied)
    #expect(error?.metadata["table"] == "mst_desa")
    #expect(error?.violations == [.init(field: "data.name", description: "is too long", reason: "TOO_LONG")])
    #expect(error?.retryAfter == .milliseconds(1500))
  }

  @Test func deadlineEndsTheCallAndCancelsItAtTheDaemon() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try FakeDaemon { _, frame in seen.send(frame) }
    let client = BahariClient(socketPath: daemon.path, timeout: .milliseconds(50))
    let error = await #expect(throws: BahariError.self) {
      try await client.unary(service: "s", method: "Create", payload: [])
    }
    #expect(error?.code == .deadlineExceeded)
    #expect(error?.outcome == .unknown)
    #expect(try await seen.next().header.type == .request)
    let cancel = try await seen.next()
    #expect(cancel.header.rawType == 0x43 && cancel.header.stream == 1 && cancel.data.isEmpty)
  }

  @Test func cancelledTaskSendsACancelFrame() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try FakeDaemon { _, frame in seen.send(frame) }
    let client = BahariClient(socketPath: daemon.path)
    let task = Task { try await client.unary(service: "s", method: "m", payload: []) }
    #expect(try await seen.next().header.type == .request)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let cancel = try await seen.next()
    #expect(cancel.header.rawType == 0x43 && cancel.header.stream == 1 && cancel.data.isEmpty)
  }

  @Test func taskThatIsCancelledBeforehandSendsNothing() async throws {
    let client = BahariClient(socketPath: "/nowhere")
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await client.unary(service: "s", method: "Create", payload: [])
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func callsThatEndInEveryWayAtOnceAllEnd() async throws {
    // Replies, silence, refusals and lost connections, and callers that cancel or have short deadlines.
    let daemon = try FakeDaemon { peer, frame in
      guard frame.request() != nil else { return }
      switch UInt8.random(in: 0..<100) {
      case 0: peer.hangUp()
      case 1..<10: break
      case 10..<30: peer.refuse(frame.header.stream, Status(.aborted, "not now"))
      default: peer.reply(frame.header.stream, frame.data)
      }
    }
    let client = BahariClient(socketPath: daemon.path, timeout: .milliseconds(100))
    let ended = await withTaskGroup(of: Void.self) { group in
      for number in 0..<3_000 {
        group.addTask {
          let call = Task {
            try await client.unary(service: "s", method: "m", payload: [1], effect: number % 2 == 0 ? .read : .write)
          }
          if number % 5 == 0 { call.cancel() }
          _ = await call.result
        }
      }
      return await group.reduce(into: 0) { count, _ in count += 1 }
    }
    #expect(ended == 3_000)
  }

  @Test func lateReplyToACancelledCallIsDropped() async throws {
    let daemon = try FakeDaemon { peer, frame in
      guard let request = frame.request() else { return peer.reply(frame.header.stream, [1]) }
      if request.method == "answered" { peer.reply(frame.header.stream, [2]) }
    }
    let client = BahariClient(socketPath: daemon.path)
    await #expect(throws: BahariError.self) {
      try await client.unary(service: "s", method: "silent", payload: [], timeout: .milliseconds(10))
    }
    #expect(try await client.unary(service: "s", method: "answered", payload: []) == [2])
  }

  @Test func twoThousandCallsKeepBelowTheDaemonsLimit() async throws {
    let pending = Pending()
    let daemon = try FakeDaemon { peer, frame in
      // Replies only once a thousand calls wait, so that a client that sends more is detected.
      for stream in pending.add(frame.header.stream, until: Link.mostCallsInFlight) { peer.reply(stream, [7]) }
    }
    let client = BahariClient(socketPath: daemon.path)
    let replies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<2_000 {
        group.addTask { try await client.unary(service: "s", method: "m", payload: [1, 2, 3]) }
      }
      return try await group.reduce(into: 0) { count, reply in count += reply == [7] ? 1 : 0 }
    }
    #expect(replies == 2_000)
    #expect(pending.most == Link.mostCallsInFlight)
  }

  @Test func tooLongARequestIsRefusedBeforeItIsSent() async throws {
    let client = BahariClient(socketPath: "/nowhere")
    let error = await #expect(throws: BahariError.self) {
      try await client.unary(service: "s", method: "m", payload: [UInt8](repeating: 0, count: 4_194_304))
    }
    #expect(error?.code == .resourceExhausted)
    #expect(error?.message.contains("4194304") == true)
  }
}
