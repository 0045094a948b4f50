import BahariClient
import BahariFrame
import TestSupport
import Testing

extension EndToEnd {
  /// Many calls on one connection.
  @Suite(.served("in_flight")) struct InFlight {
    @Test("Of 1,025 calls in flight one is refused, and the rest answered")
    func limit() async throws {
      let bench = try Bench()
      let streams = (0..<1_025).map { UInt32($0 * 2 + 1) }
      let refused = try await bench.daemon.whileLocked("mst_desa") {
        for stream in streams { try bench.wire.request(stream, "Desa/List", Bytes.message { $0.field(2, varint: 1) }) }
        let refused = try bench.wire.frames(1)[0]
        let status = try #require(try refused.status)
        #expect(status.code == .resourceExhausted && status.message.contains("1024"), "\(status.message)")
        try bench.proveNeighbourAlive()
        return refused.header.stream
      }
      let answers = try bench.wire.frames(1_024)
      #expect(Set(answers.map(\.header.stream)).union([refused]) == Set(streams))
      for answer in answers { #expect(try answer.message(Bahari_V1_ListDesaReply.self).data.count == 1) }
      try bench.proveAlive()
    }

    @Test("A client that ends its sending right after 100 requests gets 100 answers and the end of file")
    func halfClosed() throws {
      let wire = try Daemon.shared.connect()
      let requests = (0..<100).map { Bytes.request(UInt32($0 * 2 + 1), "Provinsi/Get", Bytes.get(11 + Int64($0 % 2))) }
      try wire.send(requests.flatMap { $0 })
      wire.finishSending()
      let answers = try wire.rest()
      #expect(answers.count == 100)
      for answer in answers {
        let wanted = 11 + Int32(answer.header.stream / 2 % 2)
        #expect(try answer.message(Bahari_V1_ProvinsiReply.self).data.id == wanted)
      }
    }

    @Test("Frames may come byte by byte")
    func fragments() throws {
      let bench = try Bench()
      for byte in Bytes.request(1, "Provinsi/Get", Bytes.get(12)) { try bench.wire.send([byte]) }
      #expect(try bench.wire.frames(1)[0].message(Bahari_V1_ProvinsiReply.self).data.id == 12)
      try bench.proveAlive()
    }

    @Test("A connection that ends in the middle of a frame disturbs nobody")
    func cutOff() throws {
      let bench = try Bench()
      for length in [1, 9, 10, 20] {
        let wire = try bench.daemon.connect()
        try wire.send(Array(Bytes.request(1, "Provinsi/Get", Bytes.get(12)).prefix(length)))
        wire.finishSending()
        #expect(try wire.rest().isEmpty)
      }
      try bench.proveAlive()
    }
  }
}
