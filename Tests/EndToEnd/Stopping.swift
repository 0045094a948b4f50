import BahariClient
import BahariFrame
import Glibc
import TestSupport
import Testing

extension EndToEnd {
  /// SIGTERM with calls in flight: none is left without an answer.
  @Suite(.startsDaemons) struct Stopping {
    @Test("Calls in flight are answered, later ones refused with UNAVAILABLE")
    func inFlight() async throws {
      let daemon = try await Daemon.serving(database: "stopping")
      try await daemon.sql(Regions.sql)
      let wire = try daemon.connect()
      let streams = Array(stride(from: UInt32(1), to: 40, by: 2))
      try await daemon.whileLocked("mst_desa") {
        for stream in streams { try wire.request(stream, "Desa/List", []) }
        // Its answer shows that the daemon has read the lists' frames, too.
        #expect(try wire.call("Provinsi/Get", Bytes.get(11)).status == nil)
        daemon.child.signal(SIGTERM)
        try await daemon.says("stopping")
        try await eventually("refusals") { try wire.call("Provinsi/Get", Bytes.get(11)).status?.code == .unavailable }
        let status = try wire.refusal("Provinsi/Get", Bytes.get(11))
        #expect(status.metadata["response_code"] == "5000002" && status.retryDelayNanoseconds != nil, "\(status)")
        #expect(throws: Trouble.self) { try daemon.connect() }
      }
      let answers = try wire.rest()
      #expect(answers.map(\.header.stream).sorted() == streams)
      for answer in answers { #expect(try answer.message(Bahari_V1_ListDesaReply.self).data.count == 10) }
      #expect(try await daemon.child.end() == 0)
    }

    @Test("A client that had connected is answered, even if the daemon had not accepted it yet", arguments: 1...5)
    func connected(round: Int) async throws {
      let daemon = try await Daemon.serving(database: "stopping_connected")
      daemon.child.signal(SIGSTOP)
      let wires = try (0..<100).map { _ in try daemon.connect() }
      for wire in wires { try wire.request(1, "Provinsi/List", []) }
      daemon.child.signal(SIGTERM)
      daemon.child.signal(SIGCONT)
      for wire in wires {
        let answers = try wire.rest()
        #expect(answers.count == 1)
        if let status = try answers.first?.status { #expect(status.code == .unavailable) }
      }
      #expect(try await daemon.child.end() == 0)
    }

    @Test("A burst of calls at the moment of the signal gets an answer each", arguments: 1...5)
    func burst(round: Int) async throws {
      let daemon = try await Daemon.serving(database: "stopping_burst")
      try await daemon.sql(Regions.sql)
      let wires = try (0..<round * 2).map { _ in try daemon.connect() }
      for wire in wires { #expect(try wire.call("Provinsi/Get", Bytes.get(11)).status == nil) }
      let calls = (0..<100).flatMap { Bytes.request(UInt32($0 * 2 + 1), "Provinsi/Get", Bytes.get(11)) }
      for wire in wires { try wire.send(calls) }
      daemon.child.signal(SIGTERM)
      for wire in wires {
        let answers = try wire.rest()
        #expect(answers.count == 100)
        for answer in answers {
          let status = try answer.status
          #expect(status == nil || status?.code == .unavailable)
        }
      }
      #expect(try await daemon.child.end() == 0)
    }
  }
}
