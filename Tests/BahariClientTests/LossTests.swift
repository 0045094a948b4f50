import BahariFrame
import FakeDaemon
import Testing

@testable import BahariClient

@Suite(.timeLimit(.minutes(1)))
struct LossTests {
  @Test func lostWriteHasAnUnknownOutcome() async throws {
    let daemon = try FakeDaemon { peer, _ in peer.hangUp() }
    let client = BahariClient(socketPath: daemon.path)
    let error = await #expect(throws: BahariError.self) {
      try await client.unary(service: "s", method: "Create", payload: [1])
    }
    #expect(error?.code == .unavailable)
    #expect(error?.outcome == .unknown)
  }

  @Test func lostReadIsSentAgain() async throws {
    let daemon = try FakeDaemon { peer, frame in
      if peer.number == 0 { peer.hangUp() } else { peer.reply(frame.header.stream, [9]) }
    }
    let client = BahariClient(socketPath: daemon.path)
    #expect(try await client.unary(service: "s", method: "Get", payload: [1], effect: .read) == [9])
  }

  @Test func readThatIsLostEachTimeFailsAfterItsAttempts() async throws {
    let sent = Counter()
    let daemon = try FakeDaemon { peer, _ in
      sent.add()
      peer.hangUp()
    }
    let client = BahariClient(socketPath: daemon.path, attempts: 3)
    let error = await #expect(throws: BahariError.self) {
      try await client.unary(service: "s", method: "Get", payload: [1], effect: .read)
    }
    #expect(error?.code == .unavailable)
    #expect(error?.outcome == .notApplied)
    #expect(sent.value == 3)
  }

  @Test func nextCallConnectsAgain() async throws {
    let daemon = try FakeDaemon { peer, frame in
      peer.reply(frame.header.stream, [UInt8(peer.number)])
      if peer.number == 0 { peer.hangUp() }
    }
    let client = BahariClient(socketPath: daemon.path)
    #expect(try await client.unary(service: "s", method: "m", payload: [], effect: .read) == [0])
    #expect(try await client.unary(service: "s", method: "m", payload: [], effect: .read) == [1])
  }

  @Test(
    arguments: [
      // Over the frame limit, and beyond skipping.
      [0x00, 0x50, 0, 0, 0, 0, 0, 1, 2, 0],
      [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 2, 0],
      // A stream that no client opens.
      [0, 0, 0, 0, 0, 0, 0, 2, 2, 0],
      // A Response that cannot be decoded.
      [0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0xff],
      // A stream's message in answer to a unary call; a Request from the daemon.
      [0, 0, 0, 0, 0, 0, 0, 1, 3, 0],
      [0, 0, 0, 0, 0, 0, 0, 1, 1, 0],
    ] as [[UInt8]])
  func garbageFailsTheConnectionWithAClearError(_ garbage: [UInt8]) async throws {
    let daemon = try FakeDaemon { peer, _ in peer.raw(garbage) }
    let client = BahariClient(socketPath: daemon.path)
    let error = await #expect(throws: BahariError.self) {
      try await client.unary(service: "s", method: "m", payload: [], effect: .read)
    }
    #expect(error?.code == .internal)
    #expect(error?.message.contains("does not speak Bahari's protocol") == true)
  }

  @Test(arguments: UInt64(1)...50)
  func randomBytesFailTheCallAndLeaveTheClientUsable(_ seed: UInt64) async throws {
    let daemon = try FakeDaemon { peer, frame in
      guard peer.number == 0 else { return peer.reply(frame.header.stream, [1]) }
      // A linear congruential generator: the same bytes in every run.
      var state = seed
      peer.raw(
        (0..<512).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return UInt8(truncatingIfNeeded: state >> 56)
        })
      peer.hangUp()
    }
    let client = BahariClient(socketPath: daemon.path, timeout: .seconds(30), attempts: 1)
    let error = await #expect(throws: BahariError.self) { try await client.call() }
    #expect(error?.code == .internal || error?.code == .unavailable, "\(error?.description ?? "")")
    #expect(try await client.call() == [1])
  }

  @Test func unknownFrameTypesAreIgnored() async throws {
    let daemon = try FakeDaemon { peer, frame in
      peer.raw([0, 0, 0, 1, 0, 0, 0, 1, 0x77, 0, 0x01])
      peer.reply(frame.header.stream, [3])
    }
    let client = BahariClient(socketPath: daemon.path)
    #expect(try await client.unary(service: "s", method: "m", payload: []) == [3])
  }

  @Test func withoutADaemonTheErrorNamesTheSocketAndTheRemedy() async throws {
    let client = BahariClient(socketPath: "/tmp/bahari-nobody.sock")
    let error = await #expect(throws: BahariError.self) { try await client.describe() }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("/tmp/bahari-nobody.sock") == true)
    #expect(error?.message.contains("baharid serve") == true)
  }

  @Test func tooLongASocketPathIsNamedWithTheLimit() async throws {
    let client = BahariClient(socketPath: "/" + String(repeating: "a", count: 200))
    let error = await #expect(throws: BahariError.self) { try await client.describe() }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("107") == true)
  }

  @Test func callOnAClosedClientFails() async throws {
    let daemon = try FakeDaemon { _, _ in }
    let client = BahariClient(socketPath: daemon.path)
    await client.close()
    let error = await #expect(throws: BahariError.self) { try await client.describe() }
    #expect(error?.message.contains("closed") == true)
  }

  @Test func socketPathFollowsTheEnvironment() {
    func path(_ isRoot: Bool, _ environment: [String: String]) -> String {
      SocketPath.standard(isRoot: isRoot) { environment[$0] }
    }
    #expect(path(true, ["BAHARI_SOCKET": "/a", "HOME": "/h"]) == "/a")
    #expect(path(true, ["BAHARI_SOCKET": "", "HOME": "/h"]) == "/run/bahari/bahari.sock")
    #expect(path(false, ["XDG_RUNTIME_DIR": "/run/user/1", "HOME": "/h"]) == "/run/user/1/bahari.sock")
    #expect(path(false, ["HOME": "/h"]) == "/h/.bahari/bahari.sock")
  }
}
