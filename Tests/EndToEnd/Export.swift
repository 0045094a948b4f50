import BahariClient
import BahariFrame
import TestSupport
import Testing

extension EndToEnd {
  /// Streams of all rows, and readers that leave in the middle.
  @Suite(.served("export")) struct Export {
    private let exports: Exports

    init() async throws { exports = try await Exports() }

    @Test("Every row comes once, in frames of at most 64 KiB, and then the end")
    func all() throws {
      let wire = try exports.daemon.connect()
      try wire.request(1, "Desa/Export", try exports.request())
      try exports.expectAll(wire)
    }

    @Test("An export of nothing ends well")
    func nothing() throws {
      var request = ListRequest()
      request.filter = .field("district_id", .eq, "1")
      let wire = try exports.daemon.connect()
      try wire.request(1, "Desa/Export", request)
      try wire.request(3, "Provinsi/Get", Bytes.get(11))
      let frames = try wire.frames(2)
      let end = try #require(frames.first { $0.header.stream == 1 })
      #expect(end.header.type == .data && end.header.flags == [.remoteClosed, .noData] && end.data.isEmpty)
    }

    @Test("Readers that go away in the middle give their connections to PostgreSQL back")
    func disconnects() async throws {
      for _ in 0..<20 {
        let wire = try exports.daemon.connect()
        try wire.request(1, "Desa/Export", try exports.request())
        #expect(try wire.frames(1)[0].header.type == .data)
      }
      let wire = try exports.daemon.connect()
      try wire.request(1, "Desa/Export", try exports.request())
      try exports.expectAll(wire)
      try await exports.noneRuns()
    }

    @Test("A cancel in the middle ends the stream, and nothing else")
    func cancel() async throws {
      let wire = try exports.daemon.connect()
      try wire.request(1, "Desa/Export", try exports.request())
      #expect(try wire.frames(1)[0].header.type == .data)
      try wire.send(.cancel, 1)
      var data = 1
      while true {
        let frame = try wire.frames(1)[0]
        guard frame.isTerminal else {
          data += 1
          continue
        }
        #expect(try frame.status?.code == .cancelled)
        break
      }
      // Some 540 make the whole export.
      #expect(data < 200)
      #expect(try wire.call("Provinsi/Get", Bytes.get(11)).status == nil)
      try await exports.noneRuns()
    }

    @Test("A PostgreSQL session that dies in the middle ends the stream with an error")
    func lostSession() async throws {
      let wire = try exports.daemon.connect()
      try wire.request(1, "Desa/Export", try exports.request())
      try await exports.stalled(1)
      try await exports.daemon.sql("SELECT pg_terminate_backend(pid) \(Exports.sessions)")
      var last = try wire.frames(1)[0]
      while !last.isTerminal { last = try wire.frames(1)[0] }
      #expect(try last.status?.code == .unavailable)
      try wire.request(3, "Desa/Export", try exports.request())
      try exports.expectAll(wire)
    }
  }
}
