import BahariFrame
import FakeDaemon
import Testing

@testable import bahari

/// The load driver with a daemon that disconnects.
@Suite(.timeLimit(.minutes(1))) struct LoadTests {
  private func load(_ daemon: FakeDaemon, repeats: Bool) throws -> LoadReport {
    let type = MessageType(name: "t.Nothing", fields: [])
    let method = Method(
      service: "t.Service", name: "Call", input: type, output: type, streams: false, takesStream: false)
    // More than the socket's buffer: the daemon disconnects while calls are being sent.
    let payloads = [[UInt8](repeating: 7, count: 16_384)]
    let options = LoadOptions(connections: 1, depth: 100, seconds: 1, repeats: repeats)
    return try LoadDriver(path: daemon.path, workload: PreparedRequests(method, payloads), options).run()
  }

  @Test func callsLostWhileTheyAreSentAgainAreSentOnceMore() throws {
    let daemon = try FakeDaemon { peer, frame in
      if peer.number < 4 { peer.hangUp() } else { peer.reply(frame.header.stream) }
    }
    let report = try load(daemon, repeats: true)
    #expect(report.losses > 0 && report.repeats >= 100 && report.failed == 0 && report.calls >= 100)
  }

  @Test func withoutRepeatsALossIsAnError() throws {
    let daemon = try FakeDaemon { peer, _ in peer.hangUp() }
    let failure = #expect(throws: Failure.self) { try load(daemon, repeats: false) }
    #expect(failure?.code == .unavailable)
  }
}
