import BahariFrame
import FakeDaemon
import Testing

@testable import bahari

/// The load driver against a daemon that goes away.
@Suite(.timeLimit(.minutes(1))) struct LoadTests {
  private func load(_ daemon: FakeDaemon, repeats: Bool) throws -> LoadReport {
    let type = MessageType(name: "t.Nothing", fields: [])
    let method = Method(
      service: "t.Service", name: "Call", input: type, output: type, streams: false, takesStream: false)
    // More than a socket holds: the daemon goes away while the calls are being sent.
    let payloads = [[UInt8](repeating: 7, count: 16_384)]
    let options = LoadOptions(connections: 1, depth: 100, seconds: 1, repeats: repeats)
    return try LoadDriver(path: daemon.path, workload: PreparedRequests(method, payloads), options).run()
  }

  @Test func whatIsLostWhileItIsSentAgainIsSentOnceMore() throws {
    let daemon = try FakeDaemon { peer, frame in
      if peer.number < 4 { peer.hangUp() } else { peer.reply(frame.header.stream) }
    }
    let report = try load(daemon, repeats: true)
    #expect(report.losses > 0 && report.repeats >= 100 && report.failed == 0 && report.calls >= 100)
  }

  @Test func whereNothingIsRepeatedALossIsToldAsSuch() throws {
    let daemon = try FakeDaemon { peer, _ in peer.hangUp() }
    let failure = #expect(throws: Failure.self) { try load(daemon, repeats: false) }
    #expect(failure?.code == .unavailable)
  }
}
